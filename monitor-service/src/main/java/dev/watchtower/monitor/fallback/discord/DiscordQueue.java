package dev.watchtower.monitor.fallback.discord;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What each channel is still to be told, in order, and what it was told. */
public interface DiscordQueue {
  /** What a request does. */
  enum Kind {
    /** Posts the card. */
    CARD,
    /** Edits the card: it is over. */
    UPDATE,
    /** Posts that it is over. */
    RECOVERY
  }

  /**
   * A request that waits.
   *
   * @param attempt attempts so far
   * @param cardId Discord's id of the outage's card in the channel, once it is there
   */
  record Item(
      long seq,
      String channel,
      UUID outage,
      Kind kind,
      int attempt,
      Instant dueAt,
      @Nullable String cardId) {}

  /** What waits for a channel. */
  record Waiting(String channel, int count, @Nullable String lastError) {}

  /** The oldest request that waits for the channel. */
  default Optional<Item> head(String channel) {
    return line(channel, 1).stream().findFirst();
  }

  /** At most {@code most} requests that wait for the channel, the oldest first. */
  List<Item> line(String channel, int most);

  /** The channels for which something waits. */
  List<String> waitingChannels();

  /** An attempt is made now, unless this throws: what came of it could not be kept either. */
  void attempted(Item item);

  /**
   * It was sent.
   *
   * @param toldRecovery whether what was sent says that the outage is over; if not, and it is by
   *     now, the update and the recovery are queued
   */
  void sent(Item item, @Nullable String messageId, boolean toldRecovery, Instant now);

  /** It failed and is due again then. */
  void again(Item item, String reason, Instant dueAt);

  /** Queues the outage's card for the channel, unless it waits or was sent there. */
  void card(UUID outage, String channel, Instant now);

  /** It is given up. */
  void dropped(Item item, String reason, Instant now);

  /** Marks the webhook as one that Discord does not take. */
  void broken(String urlHash, String reason, Instant now);

  /** Takes that mark away: it was taken again. */
  void mended(String urlHash);

  /** Whether the webhook was marked so. */
  boolean isBroken(String urlHash);

  /** Every channel with anything waiting. */
  List<Waiting> waiting();
}
