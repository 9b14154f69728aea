package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of the catalog's ingest section holds without a restart. */
class ReloadIT extends IngestContext {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String EMPTY = "{\"resourceMetrics\":[]}";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private String before;

  @BeforeEach
  void remember() throws IOException {
    before = Files.readString(CATALOG);
  }

  @AfterEach
  void restore() throws IOException {
    Files.writeString(CATALOG, before);
    await().atMost(Duration.ofSeconds(10)).until(() -> json("after", "v".repeat(500)) == 204);
  }

  @Test
  void limitsAndTheSecondPortFollowTheCatalog() throws IOException {
    var otlpPort = freePort();
    assertThat(json("long_value", "v".repeat(200))).isEqualTo(204);

    Files.writeString(
        CATALOG,
        before
            .replace("label-length: 2048", "label-length: 100")
            .replace("labels: 64", "labels: 5")
            .replace("body: 64MiB", "body: 4KiB")
            .replace("otlp-port: null", "otlp-port: " + (otlpPort - PORT_OFFSET)));

    await().atMost(Duration.ofSeconds(10)).until(() -> json("long_value", "w".repeat(200)) == 400);
    assertThat(json("short_value", "w")).isEqualTo(204);
    assertRefused(sample("long_value", "x".repeat(200), 1), "label-too-long");
    assertRefused(sample("many", "l", 6), "too-many-labels");
    assertTooLargeAtEachDoor();
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> at(otlpPort, "/v1/metrics", writeToken(), EMPTY) == 200);
    assertThat(at(otlpPort, "/v1/metrics", null, EMPTY)).isEqualTo(401);
    assertThat(at(otlpPort, "/api/v1/metrics", writeToken(), "{\"samples\":[]}")).isEqualTo(404);
    assertThat(at(otlpPort, "/health", null, "")).isEqualTo(404);
    assertThat(at(port, "/v1/metrics", writeToken(), EMPTY)).isEqualTo(200);
  }

  @Test
  void aPortThatIsTakenIsToldAndDoesNoHarm() throws IOException {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Files.writeString(
          CATALOG,
          before.replace("otlp-port: null", "otlp-port: " + (taken.getLocalPort() - PORT_OFFSET)));

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              send("GET", "/health", null, Map.of(), null).body().contains("cannot be opened"));
      assertThat(at(port, "/v1/metrics", writeToken(), EMPTY)).isEqualTo(200);
    }
  }

  @Test
  void limitsOfSeriesAreToldAtTheDoorAndCounted() throws IOException {
    assertThat(json("known", "a")).isEqualTo(204);
    Files.writeString(CATALOG, before.replaceFirst("\n      series: \\S+", "\n      series: 1"));

    await().atMost(Duration.ofSeconds(10)).until(() -> json("of_many", unique()) == 400);
    assertRefused(sample("of_many", unique(), 1), "series-limit");
    assertThat(json("known", "a")).isEqualTo(204);

    Files.writeString(
        CATALOG,
        before.replaceFirst(
            "\n      new-series-per-minute: \\S+", "\n      new-series-per-minute: 1"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            post("/api/v1/metrics", JSON, sample("of_many", unique(), 1))
                .body()
                .contains("new-series-limit"));
    assertRefused(sample("of_many", unique(), 1), "new-series-limit");
  }

  private static String unique() {
    return UUID.randomUUID().toString();
  }

  private void assertRefused(byte[] sample, String reason) {
    var counted = refused(reason);
    var answer = post("/api/v1/metrics", JSON, sample);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(reason, "\"refused\":1");
    assertThat(refused(reason)).isEqualTo(counted + 1);
  }

  /** The limit of 4 KiB; events have one of their own. */
  private void assertTooLargeAtEachDoor() {
    var text = "the body is larger than 4096 bytes, decompressed";
    var blanks = " ".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    var zipped = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    var protobuf = Map.of("Content-Type", "application/x-protobuf");
    assertTooLarge("/api/v1/metrics", JSON, blanks, text);
    assertTooLarge("/api/v1/metrics", zipped, FuzzIT.zipped(blanks), text);
    assertTooLarge("/v1/metrics", JSON, blanks, text);
    assertTooLarge("/v1/metrics", zipped, FuzzIT.zipped(blanks), text);
    assertTooLarge("/v1/metrics", protobuf, blanks, text);
    var snappy = WriteRequests.compress(blanks);
    assertThat(snappy).hasSizeLessThan(1_000);
    assertTooLarge("/api/v1/write", IngestDoorsIT.REMOTE_WRITE, snappy, text);
    assertTooLarge("/api/v1/write", IngestDoorsIT.REMOTE_WRITE_2, snappy, text);

    var events = Map.of("Content-Type", "application/cloudevents+json");
    for (var path : List.of("/api/v1/events", "/api/v1/events/github")) {
      var answer = post(path, events, new byte[(1 << 20) + 1]);
      assertThat(answer.statusCode()).as(path).isEqualTo(413);
      assertThat(answer.body()).contains("The limit is 1048576 bytes.");
    }
  }

  private void assertTooLarge(String path, Map<String, String> headers, byte[] body, String text) {
    var unreadable = metric("watchtower_ingest_requests_unreadable_total");
    var answer = post(path, headers, body);

    assertThat(answer.statusCode()).as("%s %s", path, headers).isEqualTo(413);
    assertThat(answer.body()).contains(text);
    assertThat(metric("watchtower_ingest_requests_unreadable_total")).isEqualTo(unreadable + 1);
  }

  private double refused(String reason) {
    return metric("watchtower_ingest_samples_refused_total", "reason=\"" + reason + "\"");
  }

  private int json(String name, String value) {
    return post("/api/v1/metrics", JSON, sample(name, value, 1)).statusCode();
  }

  private byte[] sample(String name, String value, int labels) {
    var more = new StringBuilder();
    for (var i = 0; i < labels; i++) {
      more.append(i == 0 ? "" : ",").append("\"l%d\":\"%s\"".formatted(i, value));
    }
    return "{\"samples\":[{\"name\":\"%s\",\"labels\":{%s},\"value\":1}]}"
        .formatted(name, more)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static int at(int port, String path, String token, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
