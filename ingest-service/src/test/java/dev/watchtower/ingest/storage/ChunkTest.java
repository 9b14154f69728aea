package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkTest {
  private static final long START = 1_772_445_600_000L;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesBackEveryBitOfWhatWasWritten(long seed) {
    var random = new Random(seed);
    var writer = new ChunkWriter();
    var n = 1 + random.nextInt(600);
    var times = new long[n];
    var values = new double[n];
    var ts = START;
    for (var i = 0; i < n; i++) {
      ts +=
          1
              + switch (random.nextInt(5)) {
                case 0 -> 999L;
                case 1 -> random.nextInt(200);
                case 2 -> random.nextInt(20_000);
                case 3 -> random.nextInt(2_000_000);
                default -> random.nextLong(10_000_000_000L);
              };
      times[i] = ts;
      values[i] =
          switch (random.nextInt(6)) {
            case 0 -> i;
            case 1 -> random.nextGaussian();
            case 2 -> Samples.STALE;
            case 3 -> Double.longBitsToDouble(random.nextLong());
            case 4 -> i == 0 ? -0.0 : values[i - 1];
            default -> Double.NEGATIVE_INFINITY;
          };
      writer.append(ts, values[i]);
    }

    var collector = new SampleCollector();
    writer.chunk().read(Long.MIN_VALUE, Long.MAX_VALUE, collector);
    var read = collector.samples();

    assertThat(read.timestamps()).isEqualTo(times);
    assertThat(bits(read.values())).isEqualTo(bits(values));
    assertThat(writer.chunk().minTs()).isEqualTo(times[0]);
    assertThat(writer.chunk().maxTs()).isEqualTo(times[n - 1]);
  }

  @Test
  void readsOnlyTheTimesAskedFor() {
    var writer = new ChunkWriter();
    for (var i = 0; i < 100; i++) {
      writer.append(START + i * 1000L, i);
    }
    var collector = new SampleCollector();

    writer.read(START + 10_000, START + 12_000, collector);

    assertThat(collector.samples().values()).containsExactly(10, 11, 12);
  }

  /** Without a copy where little is left over; what is left over is nothing to a reader. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 300, 330, 900})
  void closesWithWhatWasWritten(int expected) {
    var open = new ChunkWriter();
    var writer = new ChunkWriter(expected);
    for (var i = 0; i < 120; i++) {
      open.append(START + i * 1000L, i * 0.37);
      writer.append(START + i * 1000L, i * 0.37);
    }
    var size = writer.size();
    var whole = open.chunk();

    var closed = writer.close();

    assertThat(size).isEqualTo(whole.data().length);
    assertThat(closed.data().length).isBetween(size, size + 64);
    assertThat(Arrays.copyOf(closed.data(), size)).isEqualTo(whole.data());
    var read = new SampleCollector();
    closed.read(Long.MIN_VALUE, Long.MAX_VALUE, read);
    var before = new SampleCollector();
    whole.read(Long.MIN_VALUE, Long.MAX_VALUE, before);
    assertThat(read.samples()).hasToString(before.samples().toString());
  }

  @Test
  void takesLessThanThreeBytesForARegularCounter() {
    var writer = new ChunkWriter();
    for (var i = 0; i < Chunk.MAX_SAMPLES; i++) {
      writer.append(START + i * 15_000L, 1000 + i * 3.0);
    }

    assertThat(writer.chunk().data().length).isLessThan(Chunk.MAX_SAMPLES * 3);
  }

  @Test
  void saysThatADamagedChunkIsDamaged() {
    var writer = new ChunkWriter();
    for (var i = 0; i < 50; i++) {
      writer.append(START + i * 777L, Math.sqrt(i));
    }
    var whole = writer.chunk();
    var half = new Chunk(whole.minTs(), whole.maxTs(), 50, Arrays.copyOf(whole.data(), 30));

    assertThatThrownBy(() -> half.read(0, Long.MAX_VALUE, new SampleCollector()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void ordersSamplesFromSeveralSourcesAndKeepsTheFirstOfTwo() {
    var collector = new SampleCollector();
    collector.add(3, 30);
    collector.add(5, 50);
    collector.add(1, 10);
    collector.add(3, 31);

    var samples = collector.samples();

    assertThat(samples.timestamps()).containsExactly(1, 3, 5);
    assertThat(samples.values()).containsExactly(10, 30, 50);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }
}
