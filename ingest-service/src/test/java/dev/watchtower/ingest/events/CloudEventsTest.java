package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.common.wire.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"datacontenttype\":\"application/json\",",
        "\"datacontenttype\":\"Application/JSON; charset=utf-8\",",
        "\"datacontenttype\":\"application/vnd.cdevents+json\",",
      })
  void jsonThatCameAsBytesIsRead(String type) {
    var event =
        deployed(
            type,
            "{\"subject\":{\"id\":\"checkout\",\"content\":{\"environment\":{\"id\":\"prod\"}}}}");

    assertThat(event.service()).isEqualTo("checkout");
    assertThat(event.env()).isEqualTo("prod");
    assertThat(event.summary()).isEqualTo("checkout deployed in prod");
    assertThat(event.data()).containsKey("subject");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data_base64           | {\"broken",
        "data_base64.a[1]      | {\"a\":[1,1e400]}",
        "data.subject.id       | {\"subject\":{\"content\":{}}}",
        "data.subject.id       | [1]",
      })
  void whatCannotBeReadOfBytesIsRefused(String path, String data) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> deployed("\"datacontenttype\":\"application/json\",", data))
        .satisfies(e -> assertThat(e.path()).isEqualTo(path));
  }

  @Test
  void bytesThatAreNoJsonAreKept() {
    for (var type : List.of("\"datacontenttype\":\"application/octet-stream\",", "")) {
      var sent = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3});
      var body =
          """
          {"specversion":"1.0","id":"1","source":"/ci","type":"a",%s"data_base64":"%s"}
          """
              .formatted(type, sent);

      assertThat(read(body.getBytes(StandardCharsets.UTF_8)).data()).containsEntry("base64", sent);
    }
  }

  @Test
  void dataThatIsATextIsTheSentenceHoweverItIsSent() {
    var structured =
        """
        {"specversion":"1.0","id":"1","source":"/ci","type":"a","datacontenttype":"text/plain",
         "data":"flag on"}
        """;
    var attributes = Map.of("specversion", "1.0", "id", "1", "source", "/ci", "type", "a");

    for (var event :
        List.of(
            read(structured.getBytes(StandardCharsets.UTF_8)),
            events
                .binary(attributes, "flag on".getBytes(StandardCharsets.UTF_8), "text/plain", NOW)
                .event())) {
      assertThat(event.summary()).isEqualTo("flag on");
      assertThat(event.data()).isEqualTo(Map.of("text", "flag on"));
    }
  }

  @Test
  void aServiceThatIsNotNamedInTheDataIsTheSubjectOfTheEvent() {
    assertThat(deployed("\"subject\":\"shop/checkout\",", "{}").service()).isEqualTo("checkout");
  }

  private ChangeEvent deployed(String attribute, String data) {
    var body =
        """
        {"specversion":"1.0","id":"1","source":"/ci","type":"dev.cdevents.service.deployed.0.3.0",
         %s"data_base64":"%s"}
        """
            .formatted(
                attribute,
                Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8)));
    return read(body.getBytes(StandardCharsets.UTF_8));
  }

  private ChangeEvent read(byte[] body) {
    return events.structured(body, NOW).event();
  }

  private ChangeEvent read(String time) {
    var body =
        """
        {"specversion":"1.0","id":"1","source":"/ci","type":"a","time":"%s"}
        """
            .formatted(time);
    return read(body.getBytes(StandardCharsets.UTF_8));
  }
}
