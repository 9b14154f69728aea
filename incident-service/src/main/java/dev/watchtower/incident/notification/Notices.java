package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Notifications.Channel;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store of notices, cards and channel faults. Each call is in the caller's transaction, or in
 * one of its own; thread-safe.
 */
public interface Notices {
  /**
   * A live card.
   *
   * @param shown a digest of what it shows, or {@link #NOT_KNOWN}
   */
  record Card(String messageId, String shown) {
    /** The digest of nothing: what the card shows may be of an attempt that nobody saw end. */
    public static final String NOT_KNOWN = "?";
  }

  /**
   * Why a channel is not used any more.
   *
   * @param access a digest of what it was tried with
   */
  record Fault(String access, String reason, Instant since) {
    /** Of a channel as the catalog has it now. */
    public static Fault of(Channel channel, String reason, Instant since) {
      return new Fault(AccessDigest.of(channel.access()), reason, since);
    }

    /** Whether the channel is still as it was when it was tried. */
    public boolean isOf(Channel channel) {
      return AccessDigest.isOf(access, channel.access());
    }
  }

  /** Channels that have a notice of the incident's opening, in whatever state. */
  Set<String> told(UUID incident);

  /**
   * Whether a channel has taken the news of the incident's opening, or is about to: not one that
   * refused it, has no address, is away at {@code now}, or of which people said that it is not to
   * be told. One that is away counts all the same where the news wait in the lines of all of {@code
   * own}: what else would be said there is read no sooner.
   *
   * @param own the channels of whoever would be told of another incident
   */
  boolean reaches(UUID incident, Set<String> own, Instant now);

  /**
   * Whether the news of the incident's opening still waits for a channel, which cannot have it yet.
   * If so, it goes on waiting until the caller's transaction is over, and shows what that has
   * changed.
   */
  boolean isOpening(UUID incident, String channel);

  /** Whether it is on record that no route took the incident. */
  boolean isUnrouted(UUID incident);

  /**
   * An incident that no route took.
   *
   * @param seq of the notice that says so
   */
  record Unrouted(long seq, UUID incident) {}

  /**
   * At most {@code most} incidents that no route took and that are neither mitigated nor resolved,
   * the oldest first.
   *
   * @param after the last one of the page before; 0 for the first page
   */
  List<Unrouted> unrouted(long after, int most);

  /**
   * Writes a notice down. Of edits, of messages that it is worse and of escalations one waits for a
   * channel at most: a waiting edit shows the newest state anyway, a waiting message tells the
   * newest news and is as old as that. One that may have arrived is left alone, and the news wait
   * behind it. Escalations that differ and were not tried yet are said together, the newest of them
   * whole and all in 250 characters if that leaves room.
   *
   * @return its id; empty if the same one exists already
   */
  Optional<UUID> add(UUID incident, NoticePlan.Planned planned, Instant now);

  /**
   * What keeps an escalation of the incident from reaching a channel: one was tried in vain and
   * waits, or the channel is away at {@code now}, which it is once the first message in its line
   * has failed three times or for half a minute, and it has taken none for as long. Empty if
   * nothing is known to.
   */
  Optional<String> heldUp(UUID incident, String channel, Instant now);

  /**
   * What is being tried of a channel's line, and keeps the others there as long as it waits.
   *
   * @param since from when on it waits
   * @param why what keeps it, as far as it was tried; empty else
   */
  record First(UUID notice, Instant since, Optional<String> why) {}

  /** What stands first in the line of each channel for which something waits. */
  Map<String, First> first();

  /** Writes a notice about no incident down as it is. */
  void record(Notice notice);

  /** The notice. */
  Optional<Notice> find(UUID id);

  /**
   * Marks a notice as being sent.
   *
   * @return it as it is now; empty if nothing more is to happen to it
   */
  Optional<Notice> begin(UUID id);

  /**
   * Marks a notice as waiting until {@code dueAt}; not in a transaction of the caller's.
   *
   * @param failure what went wrong, if it was tried
   * @return false if a later one waits already of a kind of which one is enough, and the channel
   *     cannot have this one
   */
  boolean wait(UUID id, String why, Optional<Failure> failure, Instant dueAt);

  /**
   * An attempt that failed, but not for good.
   *
   * @param mayHaveArrived whether the channel may have the message all the same
   */
  record Failure(String reason, boolean mayHaveArrived) {}

  /**
   * Has a notice wait that is not to be sent, or makes one due that waits.
   *
   * @return false if it was sent or skipped, or if a later one waits already of a kind of which one
   *     is enough
   */
  boolean reopen(UUID id, String why);

  /**
   * Marks a waiting notice as not to be sent.
   *
   * @return false if it does not wait
   */
  boolean drop(UUID id, String why, Instant now);

  /**
   * Marks a notice as sent.
   *
   * @param but what is missing and why, as {@link Answer.Sent} has it; empty for nothing
   */
  void sent(UUID id, String messageId, String but, Instant now);

  /** What was missing of the last message that a channel took, and why; empty for nothing. */
  Optional<String> missing(String channel);

  /** Marks a notice as failed or skipped. */
  void close(UUID id, Notice.State state, String why, Instant now);

  /** The incident's card in a channel. */
  Optional<Card> card(UUID incident, String channel);

  /** From now on nobody knows what the incident's card in a channel shows, if there is one. */
  void doubt(UUID incident, String channel);

  /** Keeps the incident's card in a channel, which has just been seen there. */
  void keep(UUID incident, String channel, Card card, Instant now);

  /** Where a card is. */
  record Place(UUID incident, String channel, String messageId) {}

  /**
   * Cards of incidents that last, in these channels, which nobody has looked at since {@code
   * before}; they count as looked at from {@code now} on.
   *
   * @param most at most so many
   */
  List<Place> claimUnseen(Collection<String> channels, Instant before, Instant now, int most);

  /**
   * Forgets a card: it is gone there.
   *
   * @return false if it is not the incident's card any more
   */
  boolean forget(Place place);

  /** Why a channel is not used any more, if that is so. */
  Optional<Fault> fault(String channel);

  /** Marks a channel as not to be used any more. */
  void mark(String channel, Fault fault);

  /** Has a channel used again. */
  void unmark(String channel);

  /** How many notices wait, by channel. */
  Map<String, Long> waiting();

  /** Notices below {@code below}, the newest first. */
  List<Notice> list(
      Notice.@Nullable State state, @Nullable UUID incident, @Nullable Long below, int limit);
}
