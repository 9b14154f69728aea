package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Slo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with an SLO at one instant.
 *
 * @param at event time, milliseconds since the epoch
 * @param since since when there are events within the period; null while there is none
 * @param period counts of the period
 * @param burns of each tier, the fastest first
 * @param before counts of the fastest tier's short window as it was one such window ago
 */
public record SloReading(
    Slo slo, long at, @Nullable Long since, Counts period, List<Burn> burns, Counts before) {
  public SloReading {
    burns = List.copyOf(burns);
  }

  /**
   * Counts of the two windows of a tier.
   *
   * @param longBefore counts of the long window as it was one short window of the fastest tier ago
   * @param shortMillis the time that the short window's counts are of
   */
  public record Burn(
      BurnTier tier, Counts longCounts, Counts longBefore, Counts shortCounts, long shortMillis) {}

  /**
   * How many times faster than allowed the budget is spent: 1 spends it in exactly one period; null
   * where nothing happened.
   */
  public @Nullable Double burnRate(Counts counts) {
    return counts.total() > 0 ? counts.bad() / counts.total() / (1 - slo.objective()) : null;
  }

  /**
   * The share of the budget that is left: 1 is all, below 0 is overspent; null without data. Of
   * events it is that of those that happened; of time that of the whole period.
   */
  public @Nullable Double budgetLeft() {
    if (!(period.total() > 0)) {
      return null;
    }
    double all =
        switch (slo.indicator()) {
          case Slo.Events _ -> period.total();
          case Slo.Time time -> (double) slo.period().toMillis() / time.step().toMillis();
        };
    return 1 - period.bad() / (all * (1 - slo.objective()));
  }

  /** How long the budget lasts at the pace of the fastest tier's long window; null for ever. */
  public @Nullable Duration exhaustedIn() {
    Double left = budgetLeft();
    Double burn = burnRate(burns.getFirst().longCounts());
    if (left == null) {
      return null;
    }
    if (left <= 0) {
      return Duration.ZERO;
    }
    return burn == null || burn <= 0
        ? null
        : Duration.ofMillis(Math.round(slo.period().toMillis() * left / burn));
  }

  /**
   * Whether a tier may begin to be breached: it burns by the fastest tier's short window too, and
   * no faster tier was breached one such window ago. Else a slower tier would begin because the
   * errors have ended, and with them the faster one that held it back.
   */
  public boolean mayBegin(BurnTier tier) {
    Burn fastest = burns.getFirst();
    return tier.equals(fastest.tier())
        || (isAbove(tier.factor(), fastest.shortCounts())
            && burns.stream()
                .takeWhile(burn -> !burn.tier().equals(tier))
                .noneMatch(this::wasBreached));
  }

  /** By its long window and the fastest tier's short one: its own short one is slow to forget. */
  private boolean wasBreached(Burn faster) {
    double factor = faster.tier().factor();
    return isAbove(factor, before) && isAbove(factor, faster.longBefore());
  }

  private boolean isAbove(double factor, Counts counts) {
    Double rate = burnRate(counts);
    return rate != null && rate > factor;
  }

  /**
   * How much data a tier needs before it may fire: its long window, or the SLO's warm-up, which is
   * that of the fastest tier and longer in proportion for the slower ones.
   */
  public Duration warmUp(BurnTier tier) {
    Duration fastest = slo.warmUp();
    if (fastest == null) {
      return tier.longWindow();
    }
    double scale =
        (double) tier.longWindow().toMillis() / burns.getFirst().tier().longWindow().toMillis();
    long millis = Math.round(fastest.toMillis() * scale);
    return Duration.ofMillis(Math.min(millis, tier.longWindow().toMillis()));
  }

  /** Whether a tier has the data it needs. */
  public boolean isReady(BurnTier tier) {
    return since != null && at - since >= warmUp(tier).toMillis();
  }
}
