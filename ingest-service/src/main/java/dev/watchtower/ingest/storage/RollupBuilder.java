package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import java.util.function.Consumer;

/**
 * Makes buckets of the samples of one series after the other. Samples that go back in time begin a
 * new run: reading adds up what belongs to the same bucket. Not thread-safe.
 */
final class RollupBuilder {
  private final Tier tier;
  private final long resolution;
  private final Consumer<Chunk> target;
  private final Rollups run = new Rollups();
  private final RollupCodec codec = new RollupCodec();

  /**
   * A builder.
   *
   * @param target is given the runs
   */
  RollupBuilder(Tier tier, Consumer<Chunk> target) {
    this.tier = tier;
    this.resolution = tier.resolutionMillis();
    this.target = target;
  }

  /** The next samples of the series; stale markers do not count. */
  void add(SampleCollector samples) {
    for (var i = 0; i < samples.size(); i++) {
      var value = samples.value(i);
      if (!Samples.isStale(value)) {
        add(samples.timestamp(i), value);
      }
    }
  }

  private void add(long ts, double value) {
    var into = run.size() > 0 ? ts - run.lastStart() : -1;
    if (into >= 0 && into < resolution) {
      run.addToLast(ts, 1, value, value, value, value);
      return;
    }
    var start = Math.floorDiv(ts, resolution) * resolution;
    if (run.size() > 0 && (start < run.lastStart() || group(start) != group(run.lastStart()))) {
      end();
    }
    run.open(start, ts, value);
  }

  private long group(long start) {
    return Math.floorDiv(start, tier.groupMillis());
  }

  /** The series is over: hands out the last run. */
  void end() {
    if (run.size() > 0) {
      target.accept(codec.encode(tier, run));
      run.clear();
    }
  }
}
