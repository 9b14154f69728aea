package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.watchtower.ingest.IngestContext;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is refused before the door sees it is a Status as well, in the encoding of the request. */
class OtlpProblemsIT extends IngestContext {
  private static final int UNAUTHENTICATED = 16;
  private static final int PERMISSION_DENIED = 7;
  private static final int UNIMPLEMENTED = 12;

  @Test
  void answersProtobufWithAProtobufStatus() throws IOException {
    assertProtobuf("POST", null, 401, UNAUTHENTICATED, "Authorization");
    assertProtobuf("POST", "wt_junk", 401, UNAUTHENTICATED, "A token is needed");
    assertProtobuf("POST", readToken(), 403, PERMISSION_DENIED, "ingest:write");
    assertProtobuf(
        "DELETE",
        token(dev.watchtower.common.security.Scope.ADMIN),
        405,
        UNIMPLEMENTED,
        "not allowed");
  }

  @Test
  void answersJsonWithAJsonStatus() {
    var answer =
        send(
            "POST",
            "/v1/metrics",
            readToken(),
            Map.of("Content-Type", "application/json; charset=utf-8"),
            "{}".getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/json");
    assertThat(answer.body()).startsWith("{\"code\":7,\"message\":\"").contains("ingest:write");
  }

  @Test
  void leavesOtherDoorsAndPeopleTheirProblems() {
    var people = send("GET", "/v1/metrics", null, Map.of(), null);
    var other =
        send(
            "POST",
            "/api/v1/write",
            null,
            Map.of("Content-Type", "application/x-protobuf"),
            new byte[0]);

    for (var answer : List.of(people, other)) {
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
    }
  }

  @Test
  void anExporterOfTheSdkLogsWhyItIsRefused() {
    var logged = new CopyOnWriteArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var logger = Logger.getLogger("io.opentelemetry.exporter");
    logger.addHandler(handler);
    var exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint("http://127.0.0.1:" + port + "/v1/metrics")
            .addHeader("Authorization", "Bearer " + readToken())
            .build();
    try (var provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build()) {
      provider.get("test").counterBuilder("refused").build().add(1);
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isDone()).isTrue();
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(logged).anyMatch(line -> line.contains("403") && line.contains("ingest:write"));
  }

  private void assertProtobuf(
      String method, @Nullable String token, int status, int code, String message)
      throws IOException {
    var answer =
        send(
            method,
            "/v1/metrics",
            token,
            Map.of("Content-Type", "application/x-protobuf"),
            new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-protobuf");
    // google.rpc.Status: its code is field 1, its message field 2.
    var in = CodedInputStream.newInstance(answer.body().getBytes(StandardCharsets.UTF_8));
    assertThat(in.readTag()).isEqualTo(1 << 3);
    assertThat(in.readInt32()).isEqualTo(code);
    assertThat(in.readTag()).isEqualTo(2 << 3 | 2);
    assertThat(in.readString()).contains(message);
    assertThat(in.isAtEnd()).isTrue();
  }
}
