package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small OTLP bodies that would become large in memory. */
class OtlpSizeTest {
  private final BodyReader bodies = new BodyReader(() -> 4 << 20, 20 << 20);

  @Test
  void refusesEmptyDataPointsBeforeTheyAreParsed() {
    byte[] body = gauge(500_000, NumberDataPoint.getDefaultInstance());

    assertThat(gzip(body)).hasSizeLessThan(10_000);
    assertTooLarge(gzip(body), false);
  }

  @Test
  void refusesEmptyDataPointsOfJsonAsItReadsThem() {
    String points = "{},".repeat(300_000);
    String body =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"gauge\":{\"dataPoints\":["
            + points.substring(0, points.length() - 1)
            + "]}}]}]}]}";

    assertTooLarge(gzip(body.getBytes(StandardCharsets.UTF_8)), true);
  }

  @Test
  void letsARequestThroughAsItIs() throws IOException {
    byte[] body = gauge(1_000, NumberDataPoint.newBuilder().setAsDouble(3).build());

    ExportMetricsServiceRequest read = read(gzip(body), false);

    assertThat(read.toByteArray()).isEqualTo(body);
  }

  /** As a value that was cut in the middle of a character: one of a thousand, and all were lost. */
  @Test
  void letsATextThatIsNotUtf8ThroughWithoutWhatIsAtFault() throws IOException {
    byte[] body =
        gauge(
            2,
            NumberDataPoint.newBuilder()
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("caf\u00e9")
                        .setValue(AnyValue.newBuilder().setStringValue("\u00e9X\ud83d\ude00Y")))
                .build());
    int at = new String(body, StandardCharsets.ISO_8859_1).indexOf('X');
    body[at] = (byte) 0xff;

    var points =
        read(gzip(body), false)
            .getResourceMetrics(0)
            .getScopeMetrics(0)
            .getMetrics(0)
            .getGauge()
            .getDataPointsList();

    assertThat(points)
        .extracting(p -> p.getAttributes(0).getValue().getStringValue())
        .containsExactly("\u00e9?\ud83d\ude00Y", "\u00e9X\ud83d\ude00Y");
    assertThat(points.getFirst().getAttributes(0).getKey()).isEqualTo("caf\u00e9");
  }

  @ParameterizedTest
  @CsvSource({
    "c3, ?", // the first half of a character
    "61c3, a?",
    "a9, ?", // the second half
    "c0af, ??", // longer than it need be
    "eda080, ???", // half of a pair
    "f4908080, ????", // beyond the last character
    "e282, ??",
    "f09f98, ???",
    "c3c3a9, ?\u00e9",
    "ffe282ac, ?\u20ac",
  })
  void eachByteThatIsNoPartOfACharacterIsAQuestionMark(String hex, String text) {
    byte[] bytes = HexFormat.of().parseHex("31" + hex + "32");

    Utf8.mend(bytes, 1, bytes.length - 2);

    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("1" + text + "2");
  }

  @Test
  void longTextsAreMendedToo() {
    String text = "\u20ac".repeat(3_000);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    bytes[8_999] = 'x';

    Utf8.mend(bytes, 0, bytes.length);

    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("\u20ac".repeat(2_999) + "??x");
  }

  private void assertTooLarge(byte[] body, boolean json) {
    assertThatThrownBy(() -> read(body, json))
        .isInstanceOfSatisfying(
            BadBodyException.class,
            e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.TOO_LARGE));
  }

  private ExportMetricsServiceRequest read(byte[] body, boolean json) throws IOException {
    return bodies.decoded(
        new ByteArrayInputStream(body),
        body.length,
        "gzip",
        (bytes, memory) -> {
          try {
            if (json) {
              return OtlpJson.request(bytes, memory);
            }
            OtlpSize.count(bytes, memory);
            return OtlpSize.PARSER.parseFrom(bytes);
          } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static byte[] gauge(int points, NumberDataPoint point) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < points; i++) {
      gauge.addDataPoints(point);
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("g").setGauge(gauge))))
        .build()
        .toByteArray();
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
