package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.common.wire.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class CloudEventsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final CloudEvents events = new CloudEvents(JsonMapper.shared());

  @ParameterizedTest
  @CsvSource({
    "2026-03-01T11:00:00.123456789Z, 2026-03-01T11:00:00.123456789Z",
    "2026-03-01T11:00:00.1234567899Z, 2026-03-01T11:00:00.123456789Z",
    "2026-03-01T12:00:00.99999999999999999999+01:00, 2026-03-01T11:00:00.999999999Z",
    "2026-03-01T11:00:00.1Z, 2026-03-01T11:00:00.1Z"
  })
  void timesMayBeFinerThanNanoseconds(String sent, Instant kept) {
    assertThat(read(sent).time()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-01T11:00:00.1234567890x", "today", "123"})
  void whatIsNoTimeIsRefused(String sent) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> read(sent))
        .satisfies(e -> assertThat(e.path()).isEqualTo("time"));
  }

  private ChangeEvent read(String time) {
    var body =
        """
        {"specversion":"1.0","id":"1","source":"/ci","type":"a","time":"%s"}
        """
            .formatted(time);
    return events.structured(body.getBytes(StandardCharsets.UTF_8), NOW).event();
  }
}
