package dev.watchtower.ingest.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The buckets of one classic histogram at one instant. Source of the algorithm: promql/quantile.go
 * of Prometheus 3.
 */
final class Buckets {
  // Differences below this share come from floating point, not from the data.
  private static final double SMALL_DELTA = 1e-12;

  private record Bucket(double bound, double count) {}

  private final List<Bucket> buckets = new ArrayList<>();

  /** Adds a bucket: how many observations were at most the bound. */
  void add(double upperBound, double count) {
    buckets.add(new Bucket(upperBound, count));
  }

  /**
   * The quantile, linear inside its bucket; the lowest bucket begins at zero, and one in the {@code
   * +Inf} bucket is the highest finite bound. NaN without observations or without a {@code +Inf}
   * bucket.
   */
  double quantile(double q) {
    if (Double.isNaN(q)) {
      return Double.NaN;
    }
    if (q < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (q > 1) {
      return Double.POSITIVE_INFINITY;
    }
    buckets.sort(Comparator.comparingDouble(Bucket::bound));
    if (buckets.isEmpty() || buckets.getLast().bound() != Double.POSITIVE_INFINITY) {
      return Double.NaN;
    }
    List<Bucket> clean = monotonic(merged());
    int last = clean.size() - 1;
    if (last < 1) {
      return Double.NaN;
    }
    double observations = clean.get(last).count();
    if (observations == 0) {
      return Double.NaN;
    }
    double rank = q * observations;
    int b = 0;
    while (b < last && !(clean.get(b).count() >= rank)) {
      b++;
    }
    if (b == last) {
      return clean.get(last - 1).bound();
    }
    Bucket bucket = clean.get(b);
    if (b == 0) {
      return bucket.bound() <= 0 ? bucket.bound() : bucket.bound() * (rank / bucket.count());
    }
    Bucket below = clean.get(b - 1);
    return below.bound()
        + (bucket.bound() - below.bound())
            * ((rank - below.count()) / (bucket.count() - below.count()));
  }

  private List<Bucket> merged() {
    List<Bucket> merged = new ArrayList<>();
    for (Bucket bucket : buckets) {
      if (!merged.isEmpty() && merged.getLast().bound() == bucket.bound()) {
        Bucket same = merged.removeLast();
        merged.add(new Bucket(same.bound(), same.count() + bucket.count()));
      } else {
        merged.add(bucket);
      }
    }
    return merged;
  }

  /** Buckets scraped at different moments may fall; a cumulative count cannot. */
  private static List<Bucket> monotonic(List<Bucket> buckets) {
    List<Bucket> rising = new ArrayList<>();
    double previous = buckets.getFirst().count();
    for (Bucket bucket : buckets) {
      double count = bucket.count();
      if (count == previous || almostEqual(count, previous) || count < previous) {
        count = previous;
      }
      rising.add(new Bucket(bucket.bound(), count));
      previous = count;
    }
    return rising;
  }

  private static boolean almostEqual(double a, double b) {
    double scale = Math.abs(a) + Math.abs(b);
    return Math.abs(a - b) / Math.min(scale, Double.MAX_VALUE) < SMALL_DELTA;
  }
}
