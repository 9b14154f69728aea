package dev.watchtower.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesLoadTest {
  private static final long FIRST = 1_760_000_000_000L;

  @Test
  void isTheSameEveryTime() {
    assertThat(new SeriesLoad(1, 100, FIRST).body(500))
        .isEqualTo(new SeriesLoad(1, 100, FIRST).body(500));
  }

  @Test
  void sendsEachSeriesOnceARoundAtTheRoundsTime() {
    var load = new SeriesLoad(0, 3, FIRST);
    var body = load.body(7);

    assertThat(times(body))
        .containsExactly(
            FIRST,
            FIRST,
            FIRST,
            FIRST + SeriesLoad.INTERVAL,
            FIRST + SeriesLoad.INTERVAL,
            FIRST + SeriesLoad.INTERVAL,
            FIRST + 2 * SeriesLoad.INTERVAL);
  }

  @Test
  void namesItsConnectionInEverySeries() {
    assertThat(new String(new SeriesLoad(2, 5, FIRST).body(5), StandardCharsets.ISO_8859_1))
        .contains("zone-2")
        .doesNotContain("zone-0");
  }

  @Test
  void knowsASeriesByItsLabels() {
    assertThat(
            SeriesLoad.number(
                "jvm_memory_used_bytes",
                Map.of("service", "service-3-2", "uri", "/api/v1/resource/04")))
        .isEqualTo(2 * 90 + 4 * 9 + 1);
    assertThat(SeriesLoad.metrics().get(1)).isEqualTo("jvm_memory_used_bytes");
  }

  /** The time of each series' only sample: the last six bytes of the entry, as a varint. */
  private static long[] times(byte[] body) {
    var times = new java.util.ArrayList<Long>();
    for (int at = 0; at < body.length; ) {
      int length = (body[at + 1] & 0x7f) | body[at + 2] << 7;
      int end = at + 3 + length;
      long time = 0;
      for (int i = 0; i < 6; i++) {
        time |= (long) (body[end - 6 + i] & 0x7f) << 7 * i;
      }
      times.add(time);
      at = end;
    }
    return times.stream().mapToLong(Long::longValue).toArray();
  }
}
