package dev.watchtower.incident.correlation;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What people merged and split. In the caller's transaction; thread-safe. */
public interface Groupings {
  /** Which of the two. */
  enum Kind {
    MERGED_INTO,
    SPLIT_FROM
  }

  /** Keeps that {@code incident} was merged into, or split from, {@code other}. */
  void add(UUID incident, Kind kind, UUID other, Instant at);

  /** What {@code incident} was split from. */
  Optional<UUID> splitFrom(UUID incident);

  /** What {@code incident} was merged into. */
  Optional<UUID> mergedInto(UUID incident);
}
