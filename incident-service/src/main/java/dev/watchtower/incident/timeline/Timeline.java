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

  /** Reads the whole timeline and recomputes its chain. */
  Verification verify(UUID incident);
}
