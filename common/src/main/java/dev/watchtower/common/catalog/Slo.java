package dev.watchtower.common.catalog;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service level objective.
 *
 * @param objective the share of events or of time that has to be good, between 0 and 1, both
 *     excluded
 * @param period the rolling time over which it has to be; the budget is {@code 1 - objective} of it
 * @param indicator how good and bad are told apart
 * @param warmUp how much data the fastest tier of a burn-rate rule needs before it may fire; slower
 *     tiers need more, in proportion. Null: each needs its whole long window
 * @param minTraffic events a second below which burn-rate rules keep still; 0 for always
 */
public record Slo(
    String name,
    String title,
    String service,
    String env,
    double objective,
    Duration period,
    Indicator indicator,
    @Nullable Duration warmUp,
    double minTraffic) {
  /** No SLO looks back further. */
  public static final Duration LONGEST_PERIOD = Duration.ofDays(90);

  public Slo {
    if (!(objective > 0 && objective < 1)) {
      throw new IllegalArgumentException("an objective is between 0 and 1");
    }
  }

  /** What is counted. */
  public sealed interface Indicator {}

  /**
   * Good events of all events. Expressions have the placeholders {@code $service}, {@code $env} and
   * {@code $window}; without {@code $window} they are read as counters.
   *
   * @param good counts the good events; null where the bad ones are counted
   * @param bad counts the bad events; null where the good ones are counted
   * @param total counts all events
   * @param resolution the time counted at once; at least two samples must fall into it
   */
  public record Events(
      @Nullable String good, @Nullable String bad, String total, Duration resolution)
      implements Indicator {
    public Events {
      if ((good == null) == (bad == null)) {
        throw new IllegalArgumentException("either good or bad events are counted");
      }
    }
  }

  /**
   * Good time of all time for which there is data.
   *
   * @param comparison {@code >}, {@code >=}, {@code <} or {@code <=}: how the expression compares
   *     with the threshold in good time
   * @param step how often it is looked at
   */
  public record Time(String expression, String comparison, double threshold, Duration step)
      implements Indicator {}
}
