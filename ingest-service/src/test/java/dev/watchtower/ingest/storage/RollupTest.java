package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.storage.ChunkArchive.Sealed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RollupTest {
  private static final long START = 1_760_000_040_000L;

  @Test
  void keepsMinimumMaximumSumCountAndLastOfEachMinute() {
    var samples = new SampleCollector();
    samples.add(START + 1_000, 5);
    samples.add(START + 20_000, 1.25);
    samples.add(START + 59_999, 3);
    samples.add(START + 60_000, 7);
    samples.add(START + 61_000, Samples.STALE);

    var rollups = rolled(Tier.MINUTE, List.of(samples));

    assertThat(rollups.size()).isEqualTo(2);
    assertThat(rollups.start(0)).isEqualTo(START);
    assertThat(rollups.lastTime(0)).isEqualTo(START + 59_999);
    assertThat(rollups.count(0)).isEqualTo(3);
    assertThat(rollups.min(0)).isEqualTo(1.25);
    assertThat(rollups.max(0)).isEqualTo(5);
    assertThat(rollups.sum(0)).isEqualTo(9.25);
    assertThat(rollups.last(0)).isEqualTo(3);
    assertThat(rollups.count(1)).isEqualTo(1);
    assertThat(rollups.last(1)).isEqualTo(7);
  }

  @Test
  void addsUpTheBucketsOfAMinuteThatWasSealedInParts() {
    var first = new SampleCollector();
    first.add(START + 1_000, 1);
    first.add(START + 70_000, 10);
    var late = new SampleCollector();
    late.add(START + 2_000, 8);
    late.add(START + 65_000, 20);

    var rollups = rolled(Tier.MINUTE, List.of(first, late));

    assertThat(rollups.size()).isEqualTo(2);
    assertThat(rollups.count(0)).isEqualTo(2);
    assertThat(rollups.last(0)).isEqualTo(8);
    // The late sample is older than the last one.
    assertThat(rollups.last(1)).isEqualTo(10);
    assertThat(rollups.max(1)).isEqualTo(20);
    assertThat(rollups.sum(1)).isEqualTo(30);
  }

  @Test
  void readsBackAnyValuesAsTheyWere() {
    var random = new SplittableRandom(7);
    for (DoubleUnaryOperator values :
        List.<DoubleUnaryOperator>of(
            i -> i,
            i -> Math.round(random.nextDouble() * 1e6) / 100.0,
            i -> random.nextDouble(),
            i -> Double.longBitsToDouble(random.nextLong()),
            // The lag since 1970, in milliseconds, for seven minutes; then another one.
            i -> i < 60 ? 1_760_000_000_000.0 : 12.345678,
            i -> i % 7 == 0 ? Double.NaN : i % 5 == 0 ? Double.POSITIVE_INFINITY : -0.0)) {
      var samples = new SampleCollector();
      for (var i = 0; i < 500; i++) {
        samples.add(START + i * 7_000L, values.applyAsDouble(i));
      }
      for (var tier : List.of(Tier.MINUTE, Tier.HOUR)) {
        var rollups = rolled(tier, List.of(samples));
        var plain = plain(tier, samples);
        assertThat(rollups.size()).isEqualTo(plain.size());
        for (var i = 0; i < plain.size(); i++) {
          assertThat(rollups.start(i)).isEqualTo(plain.start(i));
          assertThat(rollups.count(i)).isEqualTo(plain.count(i));
          assertThat(rollups.last(i)).isEqualTo(Double.valueOf(plain.last(i)));
          assertThat(rollups.min(i)).isEqualTo(Double.valueOf(plain.min(i)));
          assertThat(rollups.max(i)).isEqualTo(Double.valueOf(plain.max(i)));
          if (Double.isFinite(plain.sum(i))) {
            assertThat(rollups.sum(i))
                .isCloseTo(plain.sum(i), within(Math.abs(plain.sum(i)) * 1e-12 + 1e-9));
          } else {
            assertThat(rollups.sum(i)).isEqualTo(Double.valueOf(plain.sum(i)));
          }
        }
      }
    }
  }

  @Test
  void keepsTheSumOfValuesWithMoreDigitsThanTheFirstTheLastAndTheLargest() {
    var samples = new SampleCollector();
    var values = new double[] {0, 0.37, 1, 0};
    for (var i = 0; i < 40; i++) {
      samples.add(START + i * 15_000L, values[i % 4]);
    }

    var rollups = rolled(Tier.MINUTE, List.of(samples));

    assertThat(rollups.size()).isEqualTo(10);
    for (var i = 0; i < 10; i++) {
      assertThat(rollups.max(i)).isEqualTo(1);
      assertThat(rollups.sum(i)).isEqualTo(1.37);
    }
  }

  @Test
  void doesNotTakeWhatAddingUpLosesForMoreDigits() {
    var tenths = new Rollups();
    for (var i = 0; i < 3_600; i++) {
      tenths.open(START, START + i, (i % 7 + 1) / 10.0);
    }

    var chunk = new RollupCodec().encode(Tier.HOUR, tenths.merged());

    assertThat(chunk.data()[0]).as("digits after the point").isEqualTo((byte) 1);
  }

  @Test
  void packsNeighboursTogetherAndFindsEachAgain() {
    var chunks = new ArrayList<Sealed>();
    for (var series = 1; series <= 100; series++) {
      for (var part = 0; part < 3; part++) {
        var writer = new ChunkWriter();
        for (var i = 0; i < 50; i++) {
          writer.append(START + part * 3_600_000L + i * 15_000L, series + i / 10);
        }
        chunks.add(new Sealed(series, writer.chunk()));
      }
    }

    var blocks = Blocks.pack(Tier.RAW, chunks);

    assertThat(blocks.stream().mapToLong(Blocks.Block::samples).sum()).isEqualTo(100 * 3 * 50);
    assertThat(blocks).hasSizeLessThan(20);
    var found = new ArrayList<Sealed>();
    for (var block : blocks) {
      assertThat(block.maxTs() - block.minTs()).isLessThanOrEqualTo(Tier.RAW.rowMillis());
      Blocks.unpack(block.data(), id -> id == 33, (id, chunk) -> found.add(new Sealed(id, chunk)));
    }
    assertThat(found).hasSize(3);
    var samples = new SampleCollector();
    found.forEach(s -> s.chunk().read(Long.MIN_VALUE, Long.MAX_VALUE, samples));
    assertThat(samples.size()).isEqualTo(150);
    assertThat(samples.samples().value(0)).isEqualTo(33);
  }

  private static Rollups plain(Tier tier, SampleCollector samples) {
    var all = new Rollups();
    for (var i = 0; i < samples.size(); i++) {
      var ts = samples.timestamp(i);
      var v = samples.value(i);
      all.open(Math.floorDiv(ts, tier.resolutionMillis()) * tier.resolutionMillis(), ts, v);
    }
    return all.merged();
  }

  private static Rollups rolled(Tier tier, List<SampleCollector> parts) {
    var found = new Rollups();
    var builder = new RollupBuilder(tier, chunk -> RollupCodec.decode(tier, chunk, found));
    parts.forEach(builder::add);
    builder.end();
    return found.merged();
  }
}
