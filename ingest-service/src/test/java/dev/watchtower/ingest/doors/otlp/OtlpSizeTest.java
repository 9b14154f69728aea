package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

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
