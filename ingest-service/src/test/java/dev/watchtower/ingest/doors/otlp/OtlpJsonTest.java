package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
  private static final String PLACE =
      "resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[1].";

  private static NumberDataPoint point(String members) throws IOException {
    var body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"g","gauge":{"dataPoints":[
          {"asDouble":1},{%s}]}}]}]}]}
        """
            .formatted(members)
            .getBytes(StandardCharsets.UTF_8);
    return new BodyReader(() -> 1 << 20, 1 << 20)
        .decoded(new ByteArrayInputStream(body), body.length, null, OtlpJson::request)
        .getResourceMetrics(0)
        .getScopeMetrics(0)
        .getMetrics(0)
        .getGauge()
        .getDataPoints(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "\"1e400\"", "true", "\"\"", "{}", "[]"})
  void aNumberThatNoDoubleCanHoldIsRefusedByItsPlace(String value) {
    assertThatThrownBy(() -> point("\"asDouble\":" + value))
        .isInstanceOf(BadBodyException.class)
        .hasMessageStartingWith(PLACE + "asDouble: expected a number");
  }

  @Test
  void infinityIsANumberWhereItIsMeant() throws IOException {
    assertThat(point("\"asDouble\":\"-Infinity\"").getAsDouble())
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(point("\"asDouble\":1.7e308").getAsDouble()).isEqualTo(1.7e308);
  }

  @ParameterizedTest
  @CsvSource({
    "asInt, 9223372036854775808, an integer of 64 bits",
    "asInt, 1e400, an integer",
    "asInt, 1e300, an integer of 64 bits",
    "asInt, 0.5, an integer",
    "asInt, \"9223372036854775808\", an integer of 64 bits",
    "asInt, \"1x\", an integer",
    "timeUnixNano, -1, 'an integer of 64 bits, not negative'",
    "timeUnixNano, 18446744073709551616, 'an integer of 64 bits, not negative'",
    "flags, 4294967296, 'an integer of 32 bits, not negative'",
  })
  void anIntegerThatDoesNotFitIsRefusedInsteadOfCut(String field, String value, String expected) {
    assertThatThrownBy(() -> point("\"" + field + "\":" + value))
        .isInstanceOf(BadBodyException.class)
        .hasMessage(PLACE + field + ": expected " + expected);
  }

  @Test
  void integersThatFitAreTakenToTheLastDigit() throws IOException {
    var point =
        point(
            "\"asInt\":-9223372036854775808,\"timeUnixNano\":\"18446744073709551615\",\"flags\":1e0");

    assertThat(point.getAsInt()).isEqualTo(Long.MIN_VALUE);
    assertThat(point.getTimeUnixNano()).isEqualTo(-1L);
    assertThat(point.getFlags()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+/8=", "-_8=", "+/8", "-_8"})
  void bytesAreBase64OfEitherAlphabet(String text) throws IOException {
    var point =
        point(
            "\"attributes\":[{\"key\":\"id\",\"value\":{\"bytesValue\":\"%s\"}}]".formatted(text));

    assertThat(Attributes.labels(point.getAttributesList())).containsExactly(entry("id", "+/8="));
  }

  @Test
  void whatIsNoBase64IsRefusedByItsPlace() {
    assertThatThrownBy(() -> point("\"attributes\":[{\"value\":{\"bytesValue\":\"?\"}}]"))
        .isInstanceOf(BadBodyException.class)
        .hasMessage(PLACE + "attributes[0].value.bytesValue: expected Base64");
  }

  @Test
  void idsOfExemplarsArePassedOver() throws IOException {
    var point = point("\"exemplars\":[{\"traceId\":\"5b8efff7\",\"spanId\":\"x\",\"asInt\":1}]");

    assertThat(point.getExemplars(0).getTraceId().isEmpty()).isTrue();
    assertThat(point.getExemplars(0).getAsInt()).isEqualTo(1);
  }
}
