package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Slo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with an SLO, as it is told to others.
 *
 * @param objective per cent
 * @param kind {@code events} or {@code time}
 * @param state {@code NO_DATA}, {@code HEALTHY}, {@code AT_RISK} (a fifth of the budget or less is
 *     left) or {@code EXHAUSTED}
 * @param good good events of the period, or moments
 * @param attained per cent of good ones; null without data
 * @param budgetLeft 1 is all of it, below 0 is overspent; null without data
 * @param exhaustedInSeconds at the pace of the fastest tier's long window; null for not in sight
 * @param since since when there is data within the period
 * @param asOf the instant, in event time, that the figures are of: the windows end there; null
 *     before the first sample
 * @param expression what is counted
 * @param complete whether all history that is stored has been counted
 */
public record SloStatus(
    String name,
    String title,
    String service,
    String env,
    double objective,
    long periodSeconds,
    String kind,
    String state,
    double good,
    double total,
    @Nullable Double attained,
    @Nullable Double budgetLeft,
    @Nullable Long exhaustedInSeconds,
    @Nullable Instant since,
    @Nullable Instant asOf,
    String expression,
    boolean complete,
    List<Tier> burnRates) {

  private static final double AT_RISK = 0.2;

  /**
   * A tier of the burn-rate rules.
   *
   * @param burnRate over the window; null where nothing happened
   * @param limit both windows must be above it
   * @param breached whether both are
   * @param ready whether there is data enough for the tier to fire
   * @param readyAt when there will be; null without any data
   */
  public record Tier(
      String window,
      long windowSeconds,
      @Nullable Double burnRate,
      String shortWindow,
      long shortWindowSeconds,
      @Nullable Double shortBurnRate,
      double limit,
      boolean page,
      boolean breached,
      boolean ready,
      @Nullable Instant readyAt) {}

  static SloStatus of(SloReading reading, String expression, @Nullable Long asOf, boolean done) {
    Slo slo = reading.slo();
    Counts period = reading.period();
    Double left = reading.budgetLeft();
    Duration until = reading.exhaustedIn();
    return new SloStatus(
        slo.name(),
        slo.title(),
        slo.service(),
        slo.env(),
        rounded(slo.objective() * 100),
        slo.period().toSeconds(),
        slo.indicator() instanceof Slo.Time ? "time" : "events",
        left == null
            ? "NO_DATA"
            : left <= 0 ? "EXHAUSTED" : left <= AT_RISK ? "AT_RISK" : "HEALTHY",
        period.good(),
        period.total(),
        period.total() > 0 ? (Double) (period.good() / period.total() * 100) : null,
        left,
        until == null ? null : (Long) until.toSeconds(),
        instant(reading.since()),
        instant(asOf),
        expression,
        done,
        reading.burns().stream().map(burn -> tier(reading, burn)).toList());
  }

  private static Tier tier(SloReading reading, SloReading.Burn burn) {
    BurnTier tier = burn.tier();
    Double slow = reading.burnRate(burn.longCounts());
    Double fast = reading.burnRate(burn.shortCounts());
    Long since = reading.since();
    return new Tier(
        tier.name(),
        tier.longWindow().toSeconds(),
        slow,
        BurnTier.name(tier.shortWindow()),
        tier.shortWindow().toSeconds(),
        fast,
        rounded(tier.factor()),
        tier.page(),
        slow != null && fast != null && slow > tier.factor() && fast > tier.factor(),
        reading.isReady(tier),
        since == null ? null : instant(since + reading.warmUp(tier).toMillis()));
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }
}
