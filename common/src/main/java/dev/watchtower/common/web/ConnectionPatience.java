package dev.watchtower.common.web;

import java.time.Duration;

/**
 * How long a connection may take for what it does, decided from what can be seen of it. Who sends a
 * byte a second keeps a connection, a thread and memory as well as any honest sender would; so each
 * part of a request has a time in all, beside the time that may pass between two bytes, and the
 * fewer connections are free, the less time there is.
 *
 * @param head for the request's line and headers, from their first byte on
 * @param body for the rest of the request, from the same moment on; more by what has come, at
 *     {@link #SLOWEST_BYTES_A_SECOND}
 * @param answer for taking the answer, from its first byte on, and more in the same way
 */
public record ConnectionPatience(Duration head, Duration body, Duration answer) {
  /** Usual, where nobody says otherwise. */
  public static final ConnectionPatience USUAL =
      new ConnectionPatience(
          Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60));

  static final long SLOWEST_BYTES_A_SECOND = 16 * 1024;

  /** From this share of all connections on there is less time. */
  static final double CROWDED = 0.75;

  private static final Duration WHEN_CROWDED = Duration.ofSeconds(1);

  /** Idle ones come back with a new connection: it costs them little. */
  private static final Duration IDLE_WHEN_CROWDED = Duration.ofSeconds(5);

  /** From this share on anything but a swift request goes. */
  static final double FULL = 0.9;

  private static final Duration WHEN_FULL = Duration.ofMillis(100);
  private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(1);

  /** What a connection is at. */
  enum Doing {
    /** Nothing, and it never had a request. */
    NEW,
    /** Nothing: no byte of a request has come since the last one. */
    IDLE,
    /** Its request's line and headers are coming. */
    HEAD,
    /** Its request's body is coming. */
    BODY,
    /** Its request is worked on. */
    WORK,
    /** It is being answered. */
    ANSWER
  }

  public ConnectionPatience {
    if (head.isNegative() || body.isNegative() || answer.isNegative()) {
      throw new IllegalArgumentException("patience cannot be negative");
    }
  }

  /**
   * Whether a connection has had its time.
   *
   * @param took since when it is at what it does
   * @param bytes of the body or the answer so far
   * @param fullness the share of all connections that is in use, 0 to 1
   */
  boolean isOver(Doing doing, Duration took, long bytes, double fullness) {
    return switch (doing) {
      case WORK -> false;
      case NEW -> fullness >= CROWDED && took.compareTo(least(head, fullness)) > 0;
      case IDLE ->
          fullness >= FULL
              ? took.compareTo(IDLE_WHEN_FULL) > 0
              : fullness >= CROWDED && took.compareTo(IDLE_WHEN_CROWDED) > 0;
      case HEAD -> took.compareTo(least(head, fullness)) > 0;
      case BODY -> took.compareTo(least(body, fullness).plus(timeFor(bytes, fullness))) > 0;
      case ANSWER -> took.compareTo(least(answer, fullness).plus(timeFor(bytes, fullness))) > 0;
    };
  }

  private static Duration least(Duration usual, double fullness) {
    if (fullness < CROWDED) {
      return usual;
    }
    var most = fullness >= FULL ? WHEN_FULL : WHEN_CROWDED;
    return usual.compareTo(most) < 0 ? usual : most;
  }

  /** A fair pace buys time, a fairer one is asked for where connections are few. */
  private static Duration timeFor(long bytes, double fullness) {
    var pace = fullness >= CROWDED ? 16 * SLOWEST_BYTES_A_SECOND : SLOWEST_BYTES_A_SECOND;
    return Duration.ofMillis(bytes * 1000 / pace);
  }
}
