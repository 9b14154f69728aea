package dev.watchtower.ingest.doors.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.FaultyFieldException;
import dev.watchtower.ingest.doors.RequestMemory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSamplesTest {
  @Test
  void refusesMoreSamplesThanThereIsMemoryFor() {
    BodyReader bodies = new BodyReader(() -> 4 << 20, 20 << 20);
    String samples = "{\"name\":\"a\",\"value\":1},".repeat(100_000);
    byte[] body =
        ("{\"samples\":[" + samples.substring(0, samples.length() - 1) + "]}")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() ->
            bodies.decoded(
                new ByteArrayInputStream(body),
                body.length,
                null,
                (bytes, memory) -> JsonSamples.read(bytes, 0, memory)))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("several parts");
  }

  @Test
  void saysWhereTheBodyIsNoJsonAndNothingOfItsLibrary() {
    BodyReader bodies = new BodyReader(() -> 4 << 20, 20 << 20);
    byte[] body = "{\"samples\":[{\"name\":\"a\"".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() ->
            bodies.decoded(
                new ByteArrayInputStream(body),
                body.length,
                null,
                (bytes, memory) -> JsonSamples.read(bytes, 0, memory)))
        .hasMessageContaining("not well-formed JSON (line 1, column 24)")
        .hasMessageNotContaining("REDACTED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "1e999999999"})
  void aNumberThatNoDoubleCanHoldIsRefusedByItsPlace(String value) {
    assertOutOfRange(value);
  }

  @Test
  void soIsAWholeNumber() {
    assertOutOfRange("1" + "0".repeat(400));
    assertOutOfRange("-1" + "0".repeat(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamp", "tags", "TS"})
  void aMemberOfASampleThatIsNotKnownIsRefusedByItsPlace(String member) {
    assertThatThrownBy(
            () -> read("{\"samples\":[{\"name\":\"a\",\"value\":1,\"%s\":{}}]}".formatted(member)))
        .isInstanceOfSatisfying(
            FaultyFieldException.class, e -> assertThat(e.path()).isEqualTo("samples[0]." + member))
        .hasMessageContaining("is not known")
        .hasMessageContaining("ts (milliseconds since the epoch)");
  }

  @Test
  void soIsOneBesideTheSamples() {
    assertThatThrownBy(() -> read("{\"service\":\"a\",\"samples\":[]}"))
        .isInstanceOfSatisfying(
            FaultyFieldException.class, e -> assertThat(e.path()).isEqualTo("service"));
  }

  private static void read(String body) {
    JsonSamples.read(body.getBytes(StandardCharsets.UTF_8), 0, RequestMemory.unlimited());
  }

  private static void assertOutOfRange(String value) {
    BodyReader bodies = new BodyReader(() -> 4 << 20, 20 << 20);
    byte[] body =
        "{\"samples\":[{\"name\":\"a\",\"value\":\"+Inf\"},{\"name\":\"a\",\"value\":%s}]}"
            .formatted(value)
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() ->
            bodies.decoded(
                new ByteArrayInputStream(body),
                body.length,
                null,
                (bytes, memory) -> JsonSamples.read(bytes, 0, memory)))
        .isInstanceOfSatisfying(
            FaultyFieldException.class, e -> assertThat(e.path()).isEqualTo("samples[1].value"));
  }
}
