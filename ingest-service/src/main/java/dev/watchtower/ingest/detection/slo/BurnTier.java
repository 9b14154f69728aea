package dev.watchtower.ingest.detection.slo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A pair of windows of a multi-window, multi-burn-rate alert (Google, The Site Reliability
 * Workbook, chapter 5, table 5-8). It is breached while the burn rates of both windows are above
 * the factor.
 *
 * @param name the long window, as people write it
 * @param longWindow enough of the budget is spent
 * @param shortWindow it is still being spent
 * @param factor burn rate above which the tier is breached; 1 spends the budget in one period
 * @param page whether it is urgent; else it is work for the day
 */
public record BurnTier(
    String name, Duration longWindow, Duration shortWindow, double factor, boolean page) {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration SCALED_BELOW = Duration.ofDays(7);
  private static final Duration BASE = Duration.ofDays(30);

  /** Share of what can fail that is enough for each tier. */
  private static final double MOST = 0.8;

  private record Row(Duration longWindow, double share, boolean page) {}

  /** Long window, share of the budget that is spent when it fires at 30 days. */
  private static final List<Row> TABLE =
      List.of(
          new Row(Duration.ofHours(1), 0.02, true),
          new Row(Duration.ofHours(6), 0.05, true),
          new Row(Duration.ofDays(1), 0.1, false),
          new Row(Duration.ofDays(3), 0.1, false));

  /**
   * The tiers for a period, the fastest first. The windows are those of the table and the factor is
   * share of the budget × period / long window: 14.4, 6, 3 and 1 for 30 days, 3.36 and 1.4 for 7
   * days. Where that would be below 1, which never spends the whole budget, the window is shortened
   * until it is 1, and a tier that is then like the one before is left out. Below 7 days the
   * windows shrink with the period instead, and the factors are those of 30 days.
   *
   * <p>Where everything fails the burn rate is 1 / (1 - objective), so no factor is above four
   * fifths of that (but 1): else a total outage could not breach the tier, or only after hours.
   *
   * @param objective the share that has to be good, between 0 and 1, both excluded
   */
  public static List<BurnTier> of(Duration period, double objective) {
    boolean scaled = period.compareTo(SCALED_BELOW) < 0;
    double most = Math.max(1, MOST / (1 - objective));
    List<BurnTier> tiers = new ArrayList<>();
    for (Row row : TABLE) {
      double longMillis = row.longWindow().toMillis();
      double factor = row.share() * (scaled ? BASE : period).toMillis() / longMillis;
      if (scaled) {
        longMillis = longMillis * period.toMillis() / BASE.toMillis();
      } else if (factor < 1) {
        longMillis = row.share() * period.toMillis();
        factor = 1;
      }
      Duration longWindow = atLeast(Math.round(longMillis), SHORTEST.multipliedBy(2));
      if (tiers.isEmpty() || !tiers.getLast().longWindow().equals(longWindow)) {
        Duration shortWindow = atLeast(longWindow.toMillis() / 12, SHORTEST);
        tiers.add(
            new BurnTier(
                name(longWindow), longWindow, shortWindow, Math.min(factor, most), row.page()));
      }
    }
    return List.copyOf(tiers);
  }

  private static Duration atLeast(long millis, Duration least) {
    return Duration.ofMillis(Math.max(millis, least.toMillis()));
  }

  /** A duration in the two largest units that it needs. */
  static String name(Duration duration) {
    long seconds = duration.toSeconds();
    StringBuilder name = new StringBuilder();
    long[] lengths = {86_400, 3_600, 60, 1};
    for (int i = 0; i < lengths.length; i++) {
      long count = seconds / lengths[i];
      seconds %= lengths[i];
      if (count > 0) {
        name.append(count).append("dhms".charAt(i));
      }
    }
    return name.isEmpty() ? "0s" : name.toString();
  }
}
