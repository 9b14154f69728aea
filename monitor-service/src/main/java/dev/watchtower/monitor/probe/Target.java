package dev.watchtower.monitor.probe;

import dev.watchtower.common.wire.Severity;
import java.time.Duration;

/**
 * Something that is probed.
 *
 * @param name unique among the targets
 * @param service the service it speaks for
 * @param env its environment; {@code watchtower} for Watchtower's own
 * @param severity of the signal when it is down
 * @param interval from one check to the next, before jitter
 * @param timeout of one check
 */
public record Target(
    String name,
    Kind kind,
    String service,
    String env,
    Severity severity,
    Check check,
    Duration interval,
    Duration timeout,
    Damping damping) {
  /** Whose it is. */
  public enum Kind {
    /** A part of Watchtower. */
    WATCHTOWER,
    /** Something of the user's, from the catalog. */
    TARGET
  }

  public Target {
    if (interval.isNegative() || interval.isZero() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "interval and timeout must be positive: " + interval + ", " + timeout);
    }
  }
}
