package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Rolled;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolledReaderTest {
  private static final int MINUTES = 1_000;
  private static final long RAW_FROM = MINUTES * 60_000L;

  private final AtomicInteger chunks = new AtomicInteger();
  private final List<Series> series =
      LongStream.rangeClosed(1, 100)
          .mapToObj(id -> new Series(id, Labels.of(Labels.METRIC_NAME, "x" + id)))
          .toList();
  private final RolledReader reader =
      new RolledReader(
          new ArchiveReads((tier, of, _, _, target) -> {
            for (var one : of) {
              for (var chunk : minutes(tier)) {
                chunks.incrementAndGet();
                target.chunk(one.id(), chunk);
              }
            }
          }),
          ArchiveReads.NONE);

  private static List<Chunk> minutes(Tier tier) {
    var made = new ArrayList<Chunk>();
    var builder = new RollupBuilder(tier, made::add);
    var samples = new SampleCollector();
    for (var i = 0; i < MINUTES; i++) {
      samples.add(i * 60_000L, i);
    }
    builder.add(samples);
    builder.end();
    return made;
  }

  private int read(List<Series> of, long most) throws UnavailableException {
    var zones = new Zones(Long.MIN_VALUE, RAW_FROM);
    return reader.read(of, 0, RAW_FROM, zones, new ReadLimit(most)).values().stream()
        .mapToInt(Rollups::size)
        .sum();
  }

  /** All of it, before it is counted, may be more than the heap has room for. */
  @Test
  void takesNoMoreIntoMemoryThanItMay() {
    assertThatExceptionOfType(LimitExceededException.class)
        .isThrownBy(() -> read(series, 10_000))
        .withMessageContaining("more than 10000 samples");
    assertThat(chunks.get()).isLessThanOrEqualTo(4 * minutes(Tier.MINUTE).size());
  }

  @Test
  void readsAsManyAsItMay() throws UnavailableException {
    var some = series.subList(0, 3);
    assertThat(read(some, 3L * MINUTES * Rolled.SAMPLES)).isEqualTo(3 * MINUTES);
    assertThatExceptionOfType(LimitExceededException.class)
        .isThrownBy(() -> read(some, 3L * MINUTES * Rolled.SAMPLES - 1));
  }
}
