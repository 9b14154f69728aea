package dev.watchtower.ingest.detection.slo;

import java.time.Duration;

/** Times in which nobody could be heard, for a reason of ours. Any threads. */
@FunctionalInterface
public interface OwnGaps {
  /** There are none. */
  OwnGaps NONE = (_, _) -> false;

  /**
   * Whether it says nothing that a window which ends now is empty: a quarter of it or more was
   * missed in a gap.
   *
   * @param settling how long after the gap that is so: senders do not come back at once
   */
  boolean hide(Duration window, Duration settling);
}
