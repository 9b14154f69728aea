package dev.watchtower.analysis.ranking;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A series that left its usual range, or a service that vanished.
 *
 * @param up whether it rose
 * @param usual median of the quiet part
 * @param scale robust spread of the quiet part, never 0
 * @param extreme the most unusual sustained value
 * @param sigmas how many scales the sustained extreme is away
 * @param surprise how unlikely that is, measured against the quiet part's own tails: about minus
 *     the natural logarithm of the probability; comparable between series
 * @param persistence share of the time since the onset that it stayed unusual, 0..1
 * @param onset when it left its usual range
 * @param limit the limit of the rule that it broke, when nothing unusual was measured; {@code
 *     usual} is then the limit too where no quiet part was seen
 */
public record Deviation(
    String service,
    String metric,
    SignalType type,
    boolean up,
    double usual,
    double scale,
    double extreme,
    double sigmas,
    double surprise,
    double persistence,
    Instant onset,
    @Nullable Double limit) {

  /** The metric name of a service that is gone. */
  public static final String GONE = "up";

  /** Surprise of a service that is gone: more than any measured one counts. */
  private static final double GONE_SURPRISE = 2_000;

  /** A broken limit counts as much as a deviation that is only just clear. */
  private static final double BREACH_SURPRISE = 10;

  private static final double BREACH_SIGMAS = 3;

  /** A service that is down or sends nothing any more. */
  public static Deviation gone(String service, Instant onset) {
    return new Deviation(
        service,
        GONE,
        SignalType.AVAILABILITY,
        false,
        1,
        0.01,
        0,
        100,
        GONE_SURPRISE,
        1,
        onset,
        null);
  }

  /**
   * A rule's limit was broken, and nothing unusual was measured, or not yet.
   *
   * @param usual median of the quiet part, null where none was seen
   */
  public static Deviation breach(
      String service,
      String metric,
      SignalType type,
      double value,
      double limit,
      @Nullable Double usual,
      Instant onset) {
    return new Deviation(
        service,
        metric,
        type,
        value >= limit,
        usual == null ? limit : usual,
        Math.max(1e-9, Math.abs(limit) / 10),
        value,
        BREACH_SIGMAS,
        BREACH_SURPRISE,
        1,
        onset,
        limit);
  }

  /** Whether this says that the service is gone. */
  public boolean isGone() {
    return metric.equals(GONE);
  }

  /** Whether {@code usual} was seen. */
  public boolean isUsualKnown() {
    return limit == null || usual != limit;
  }

  /** Whether it is about the calls that the service makes, as it sees them. */
  public boolean isAboutCalls() {
    return metric.toLowerCase(Locale.ROOT).contains("client");
  }

  /**
   * What the deviation counts in the ranking: the logarithm of its surprise (so that the tenfold of
   * something already impossible adds little), damped when it came and went, weighted by what such
   * a metric says about causes.
   */
  public double weight() {
    return Math.log1p(Math.max(0, surprise)) * (0.5 + 0.5 * persistence) * type.weight(up);
  }
}
