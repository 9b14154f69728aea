package dev.watchtower.common.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRingTest {
  private final LogRing ring = new LogRing(3, 10_000);

  @Test
  void keepsTheNewestLines() {
    for (int i = 1; i <= 5; i++) {
      ring.add(line(i, "INFO", "line " + i, null));
    }

    assertThat(ring.newest("TRACE", null, null, 10))
        .extracting(LogLine::message)
        .containsExactly("line 3", "line 4", "line 5");
    assertThat(ring.newest("TRACE", null, null, 2))
        .extracting(LogLine::message)
        .containsExactly("line 4", "line 5");
  }

  @Test
  void isBoundedBySizeToo() {
    ring.add(line(1, "INFO", "x".repeat(6_000), null));
    ring.add(line(2, "INFO", "y".repeat(6_000), null));

    assertThat(ring.newest("TRACE", null, null, 10)).hasSize(1);
  }

  @Test
  void findsByLevelTimeAndTrace() {
    ring.add(line(1, "WARN", "a", "t1"));
    ring.add(line(2, "INFO", "b", "t1"));
    ring.add(line(3, "ERROR", "c", "t2"));

    assertThat(ring.newest("WARN", null, null, 10))
        .extracting(LogLine::message)
        .containsExactly("a", "c");
    assertThat(ring.newest("TRACE", Instant.ofEpochSecond(2), null, 10))
        .extracting(LogLine::message)
        .containsExactly("b", "c");
    assertThat(ring.newest("TRACE", null, "t1", 10))
        .extracting(LogLine::message)
        .containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({
    "'token wt_abc123.def-456 is bad', 'token wt_*** is bad'",
    "'Authorization: Bearer abc.def/ghi', 'Authorization: Bearer ***'",
    "'POST http://h/api/webhooks/123/s3cret-x?wait=true', 'POST http://h/api/webhooks/123/***?wait=true'",
    "'key sk-abcdefgh12345', 'key sk-***'",
    "'jdbc:postgresql://h/db?user=a&password=p4ss&x=1', 'jdbc:postgresql://h/db?user=a&password=***&x=1'",
    "'http://ann:pw@host/', 'http://ann:***@host/'",
    "'nothing to hide', 'nothing to hide'"
  })
  void masksSecrets(String text, String masked) {
    assertThat(Secrets.masked(text)).isEqualTo(masked);
  }

  private static LogLine line(int second, String level, String message, String trace) {
    return new LogLine(
        Instant.ofEpochSecond(second),
        level,
        "s",
        "l",
        message,
        trace,
        null,
        Map.of("n", 1, "k", "v"),
        null);
  }
}
