package dev.watchtower.incident.mute;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store of silences, windows, and incidents that are muted. In the caller's transaction;
 * thread-safe.
 */
public interface Mutes {
  /** The most rules of a kind that are not expired. */
  int MAX_CURRENT = 500;

  /** An incident that nobody was told of yet. */
  record Held(UUID incident, Muting muting, Instant since) {}

  /** Keeps a new rule. */
  MuteRule add(
      MuteRule.Kind kind,
      Matchers matchers,
      Schedule schedule,
      String author,
      String reason,
      Instant now);

  /** The rule. */
  Optional<MuteRule> find(UUID id);

  /** Ends a rule now; false if it was ended before. */
  boolean end(UUID id, String by, Instant now);

  /** Rules of both kinds that are not over for good. */
  List<MuteRule> current(Instant now);

  /**
   * Rules of a kind below {@code below}, the newest first.
   *
   * @param currentAt only those that are not over for good then; null for all
   */
  List<MuteRule> list(
      MuteRule.Kind kind, @Nullable Instant currentAt, @Nullable Long below, int limit);

  /** Marks an incident as muted. */
  void hold(UUID incident, Muting muting, Instant now);

  /** Forgets that an incident is muted. */
  void release(UUID incident);

  /** Why an incident is muted. */
  Optional<Held> held(UUID incident);

  /** The incidents that are muted, the longest first. */
  List<Held> held(int limit);

  /**
   * Muted incidents that something can have changed for, the longest first: not those that are
   * mitigated.
   *
   * @param after the last one of the page before; null for the first page
   */
  List<Held> watched(@Nullable Held after, int limit);
}
