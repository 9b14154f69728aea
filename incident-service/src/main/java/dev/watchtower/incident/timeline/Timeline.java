package dev.watchtower.incident.timeline;

import dev.watchtower.common.wire.TimelineEntry;
import java.util.List;
import java.util.UUID;

/** The timelines of all incidents. Thread-safe. */
public interface Timeline {
  /**
   * Appends entries in the caller's transaction; appends to one incident wait for one another, so
   * that the numbers have no gaps.
   */
  List<TimelineEntry> append(UUID incident, List<Draft> drafts);

  /** Up to {@code limit} entries with a number above {@code after}, in order. */
  List<TimelineEntry> entries(UUID incident, long after, int limit);

  /** Whether the sender of one of the incident's signals has told people itself. */
  boolean isToldElsewhere(UUID incident);

  /**
   * A timeline in short.
   *
   * @param whole up to this many entries nothing is folded
   * @param most at most so many entries besides those about signals, from both ends, and as many
   *     runs of signals, from the beginning; of the times in which signals fired the first so many
   */
  Outline outline(UUID incident, int whole, int most);

  /** Reads the whole timeline and recomputes its chain. */
  Verification verify(UUID incident);
}
