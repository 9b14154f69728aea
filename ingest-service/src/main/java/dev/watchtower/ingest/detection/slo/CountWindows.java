package dev.watchtower.ingest.detection.slo;

import java.time.Duration;

/** Sums the buckets of an SLO over windows. For one thread. */
final class CountWindows {
  private final SloMeter meter;
  private final CountRing buckets;

  CountWindows(SloMeter meter, CountRing buckets) {
    this.meter = meter;
    this.buckets = buckets;
  }

  /** The window that ends now, milliseconds since the epoch. */
  Counts at(long now, Duration length) {
    return window(now, length, 0);
  }

  /** The window as it was some time ago. */
  Counts before(long now, Duration length, Duration ago) {
    return window(now, length, Math.max(1, ago.toMillis() / meter.bucketMillis()));
  }

  /** Of the bucket in which the window begins, it has the part that lies in it. */
  private Counts window(long now, Duration length, long bucketsAgo) {
    long bucket = meter.bucketMillis();
    long begin = meter.begin(now, length.toMillis());
    long first = Math.floorDiv(begin, bucket);
    double share = (double) ((first + 1) * bucket - begin) / bucket;
    Counts oldest = buckets.get(first - bucketsAgo);
    Counts others = buckets.sum(first + 1 - bucketsAgo, meter.newest(now) - bucketsAgo);
    double total = share * oldest.total() + others.total();
    return new Counts(Math.min(share * oldest.good() + others.good(), total), total);
  }
}
