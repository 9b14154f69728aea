package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.series.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SeriesTableTest {
  private final MutableClock clock = MutableClock.ofAFixedDay();
  private final HeadIndex index = new HeadIndex();
  private final AtomicInteger full = new AtomicInteger();
  private Limits limits = new Limits(10, 1_000, 10, 100);
  private final SeriesTable table =
      new SeriesTable(
          index, StorageSettings.defaults(), () -> limits, clock, full::incrementAndGet);

  @Test
  void goesOnKnowingTheSeriesThereAreWhenTheLimitIsLowered() {
    for (var i = 0; i < 10; i++) {
      remember("s" + i);
    }
    limits = new Limits(2, 1_000, 10, 100);

    remember("another name of s0");

    for (var i = 0; i < 10; i++) {
      assertThat(table.find(key("s" + i))).isNotNull();
    }
  }

  @Test
  void asksForRoomOnceInAMinute() {
    for (var i = 0; i < 20; i++) {
      table.admit(Labels.of(Labels.METRIC_NAME, "s" + i));
    }
    assertThat(full).hasValue(1);

    clock.advance(Duration.ofMinutes(1));
    table.admit(Labels.of(Labels.METRIC_NAME, "s20"));
    table.admit(Labels.of(Labels.METRIC_NAME, "s21"));

    assertThat(full).hasValue(2);
  }

  private static LabelKey key(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return new LabelKey().over(bytes, 0, bytes.length);
  }

  private void remember(String name) {
    table.remember(key(name), index.findOrCreate(Labels.of(Labels.METRIC_NAME, name)));
  }
}
