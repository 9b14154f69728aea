package dev.watchtower.ingest.golden;

import java.util.HashMap;
import java.util.Map;

/**
 * How often a service sends its metrics: the longest interval of any counts, since a rate over less
 * than that of its metric has no value. For one thread; at most {@value #MOST} metrics are told
 * apart, the others are taken for one.
 */
final class Intervals {
  private static final int MOST = 8;

  /** Metrics that are no longer sent are noticed after so many samples. */
  private static final int LOOK = 256;

  private final Map<String, IntervalEstimate> byMetric = new HashMap<>();
  private final IntervalEstimate others = new IntervalEstimate();
  private int samples;
  private long millis;
  private boolean isKnown;

  /** Where a metric is estimated. */
  IntervalEstimate of(String metric) {
    IntervalEstimate known = byMetric.get(metric);
    if (known == null && byMetric.size() < MOST) {
      known = new IntervalEstimate();
      byMetric.put(metric, known);
    }
    return known == null ? others : known;
  }

  /**
   * A sample.
   *
   * @param metric what {@link #of} gave for its metric
   * @return whether the interval may be another now
   */
  boolean seen(IntervalEstimate metric, long seriesId, int instance, long at) {
    if (!metric.seen(seriesId, instance, at) && ++samples % LOOK != 0) {
      return false;
    }
    long longest = others.millis(at);
    boolean all = others.isGone(at) || longest > 0;
    for (IntervalEstimate estimate : byMetric.values()) {
      long one = estimate.millis(at);
      all &= one > 0 || estimate.isGone(at);
      longest = Math.max(longest, one);
    }
    boolean changes = longest != millis || all != isKnown;
    millis = longest;
    isKnown = all && longest > 0;
    return changes;
  }

  /** The longest, milliseconds; 0 while none is known. */
  long millis() {
    return millis;
  }

  /** Whether that of every metric that was heard is known. */
  boolean isKnown() {
    return isKnown;
  }
}
