package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Samples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnChunkTest {
  private static final long START = 1_772_445_600_000L;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void givesBackEveryBitOfDecimalValues(long seed) {
    var random = new Random(seed);
    var written = new SampleCollector();
    var ts = START;
    var n = 1 + random.nextInt(Chunk.MAX_SAMPLES);
    var jitter = random.nextBoolean() ? 1 : 500;
    var digits = Math.pow(10, random.nextInt(7));
    var value = 0L;
    for (var i = 0; i < n; i++) {
      value += random.nextInt(5) == 0 ? random.nextInt(2_000_000) - 1_000_000 : 0;
      written.add(ts, value / digits);
      ts += 15_000 + random.nextInt(jitter);
    }

    var chunk = new ColumnChunk().encode(written);

    assertThat(chunk).isNotNull();
    assertThat(chunk.columns()).isTrue();
    assertThat(chunk.minTs()).isEqualTo(START);
    assertThat(chunk.maxTs()).isEqualTo(written.timestamp(n - 1));
    assertThat(read(chunk)).isEqualTo(points(written));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        -0.0,
        Math.PI,
        1e300,
        0.12345678901,
        1L << 51
      })
  void leavesOtherValuesToTheChunkAsItGrew(double value) {
    var samples = new SampleCollector();
    samples.add(START, 1);
    samples.add(START + 1, value);

    assertThat(new ColumnChunk().encode(samples)).isNull();
  }

  @Test
  void keepsAStaleMarkerAsTheChunkThatItIs() {
    var samples = new SampleCollector();
    samples.add(START, Samples.STALE);

    assertThat(new ColumnChunk().encode(samples)).isNull();
  }

  @Test
  void looksAgainAtTheFirstValueWhenALaterOneHasMoreDigits() {
    var samples = new SampleCollector();
    samples.add(START, 1L << 50);
    samples.add(START + 1, 0.5);

    assertThat(new ColumnChunk().encode(samples)).isNull();
  }

  @Test
  void readsOnlyTheTimesAskedFor() {
    var samples = new SampleCollector();
    for (var i = 0; i < 100; i++) {
      samples.add(START + i * 1000L, i * 1.5);
    }
    var found = new SampleCollector();

    new ColumnChunk().encode(samples).read(START + 10_000, START + 12_000, found);

    assertThat(found.samples().values()).containsExactly(15, 16.5, 18);
  }

  @Test
  void takesLessThanTwoBytesForAGaugeWithTwoDigits() {
    var random = new Random(1);
    var samples = new SampleCollector();
    for (var i = 0; i < Chunk.MAX_SAMPLES; i++) {
      samples.add(START + i * 15_000L, (100_000 + random.nextInt(100)) / 100.0);
    }

    assertThat(new ColumnChunk().encode(samples).data().length).isLessThan(Chunk.MAX_SAMPLES * 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 9})
  void saysThatADamagedChunkIsDamaged(int length) {
    var samples = new SampleCollector();
    for (var i = 0; i < 50; i++) {
      samples.add(START + i * i * 777L, i * 1000.0);
    }
    var whole = new ColumnChunk().encode(samples);
    var cut =
        new Chunk(whole.minTs(), whole.maxTs(), 50, Arrays.copyOf(whole.data(), length), true);

    // Nothing but zeros reads as zeros; what ends early is a fault.
    assertThatThrownBy(() -> cut.read(0, Long.MAX_VALUE, new SampleCollector()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void goesThroughBlocksBesideChunksAsTheyGrew() {
    var samples = new SampleCollector();
    var writer = new ChunkWriter();
    for (var i = 0; i < 20; i++) {
      samples.add(START + i * 1000L, i);
      writer.append(START + 500 + i * 1000L, Math.sqrt(i));
    }
    var chunks =
        List.of(
            new ChunkArchive.Sealed(64, new ColumnChunk().encode(samples)),
            new ChunkArchive.Sealed(95, writer.chunk()));

    var blocks = Blocks.pack(Tier.RAW, chunks);
    var found = new ArrayList<List<String>>();
    assertThat(blocks).hasSize(1);
    Blocks.unpack(
        blocks.getFirst().data(),
        id -> true,
        (id, chunk) -> {
          assertThat(id).isEqualTo(chunks.get(found.size()).seriesId());
          found.add(read(chunk));
        });

    assertThat(found).containsExactly(points(samples), read(writer.chunk()));
  }

  @Test
  void readsBlocksOfTheOldForm() {
    var writer = new ChunkWriter();
    writer.append(START, 7);
    writer.append(START + 1, 8);
    var chunk = writer.chunk();
    var old =
        ByteBuffer.allocate(1 + 32 + chunk.data().length)
            .put((byte) 0)
            .putLong(33)
            .putLong(chunk.minTs())
            .putLong(chunk.maxTs())
            .putInt(2)
            .putInt(chunk.data().length)
            .put(chunk.data());
    var found = new ArrayList<List<String>>();

    Blocks.unpack(old.array(), id -> id == 33, (id, one) -> found.add(read(one)));

    assertThat(found).containsExactly(read(chunk));
  }

  private static List<String> read(Chunk chunk) {
    var collector = new SampleCollector();
    chunk.read(Long.MIN_VALUE, Long.MAX_VALUE, collector);
    return points(collector);
  }

  private static List<String> points(SampleCollector samples) {
    return IntStream.range(0, samples.size())
        .mapToObj(i -> samples.timestamp(i) + " " + Double.doubleToRawLongBits(samples.value(i)))
        .toList();
  }
}
