package dev.watchtower.ingest.detection.anomaly;

import java.util.List;

/**
 * A time in which something that people are told of fired on a service.
 *
 * @param since its first instant; event time, milliseconds since the epoch
 * @param until the first instant after it; {@link #LASTING} while it lasts
 */
record Trouble(long since, long until) {
  static final long LASTING = Long.MAX_VALUE;

  /** What is to be made of what is learnt at an instant. */
  enum Lesson {
    /** It stays: nothing fires. */
    LEARN,
    /** It is forgotten when what fires is over. */
    FORGET,
    /** It stays: something has fired for so long that this is how things are now. */
    ACCEPT
  }

  boolean isLasting() {
    return until == LASTING;
  }

  /**
   * What is to be made of what is learnt at the instant.
   *
   * @param longest a trouble that lasts longer is no incident any more, milliseconds
   */
  static Lesson lesson(List<Trouble> troubles, long at, long longest) {
    for (Trouble trouble : troubles.reversed()) {
      if (at >= trouble.since && at < trouble.until) {
        return at - trouble.since < longest ? Lesson.FORGET : Lesson.ACCEPT;
      }
    }
    return Lesson.LEARN;
  }
}
