package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.ingest.RunningIngest;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** Clients that keep connections, threads or memory: the others do not notice. */
@DirtiesContext
@TestPropertySource(
    properties = {
      "server.tomcat.max-connections=300",
      "server.tomcat.accept-count=1000",
      "watchtower.web.patience.head=1s",
      "watchtower.web.patience.body=1s",
      "watchtower.web.patience.answer=2s"
    })
class AbuseIT extends RunningIngest {
  private static final PostgresSupport.Db OWN = PostgresSupport.database();
  private static final Map<String, String> SNAPPY =
      Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy");
  private static final int MANY = 900;
  private static final int REQUESTS = 30;

  /** Far above what it takes, far below what the slow ones would make it. */
  private static final Duration SWIFT = Duration.ofSeconds(3);

  @DynamicPropertySource
  static void ownDatabase(DynamicPropertyRegistry registry) {
    OWN.register(registry);
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "body", "chunked", "silent"})
  void healthySendersGoOnBesideThreeTimesMoreSlowOnesThanConnections(String kind) throws Exception {
    try (var slow = new SlowClients(port, MANY, i -> beginning(kind))) {
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> slow.ended() > 100);
      try (var kept = HttpClient.newHttpClient()) {
        for (var i = 0; i < REQUESTS; i++) {
          var from = System.nanoTime();
          assertThat(write(kept, "kept_" + kind, i)).isEqualTo(204);
          // A connection of its own has to find room among the slow ones.
          try (var fresh = HttpClient.newHttpClient()) {
            assertThat(write(fresh, "fresh_" + kind, i)).isEqualTo(204);
          }
          assertThat(send("GET", "/health/readiness", null, Map.of(), null).statusCode())
              .isEqualTo(200);
          assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SWIFT);
        }
      }
    }
  }

  private String beginning(String kind) {
    var head = "POST /api/v1/write HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n";
    var authorized =
        head + "Content-Encoding: snappy\r\nAuthorization: Bearer " + writeToken() + "\r\n";
    return switch (kind) {
      case "head" -> head + "X-Slow: ";
      case "body" -> authorized + "Content-Length: 1000000\r\n\r\n";
      case "chunked" -> authorized + "Transfer-Encoding: chunked\r\n\r\nFFFFF\r\n";
      default -> "";
    };
  }

  private int write(HttpClient client, String name, int i) throws Exception {
    var body = new WriteRequests().series(Map.of("__name__", name), now() + i, i).body();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/write"))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + writeToken())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    SNAPPY.forEach(request::header);
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aBodyThatStopsHalfWayIsToComeAgain() throws Exception {
    var body = new WriteRequests().series(Map.of("__name__", "half"), now(), 1).body();
    var before = storage.counters().received();

    var answer = raw(body.length, body, body.length / 2, false);
    var hungUp = raw(body.length, body, body.length / 2, true);

    assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after:");
    assertThat(hungUp).startsWith("HTTP/1.1 503");
    assertThat(storage.counters().received()).isEqualTo(before);
  }

  @Test
  void announcingMuchGetsNothing() throws Exception {
    assertThat(raw(Long.MAX_VALUE, new byte[0], 0, false)).startsWith("HTTP/1.1 413");
    assertThat(raw(1L << 40, new byte[0], 0, false)).startsWith("HTTP/1.1 413");
  }

  @Test
  void bombsAreRefusedAtTheLimit() throws Exception {
    var zipped = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(zipped)) {
      var zeros = new byte[1 << 20];
      for (var i = 0; i < 512; i++) {
        out.write(zeros);
      }
    }
    var gzip = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    assertThat(post("/v1/metrics", gzip, zipped.toByteArray()).statusCode()).isEqualTo(413);
    assertThat(post("/api/v1/metrics", gzip, zipped.toByteArray()).statusCode()).isEqualTo(413);
    // A preamble that claims 4 GiB, and one that claims what could not be in it.
    assertThat(post("/api/v1/write", SNAPPY, new byte[] {-1, -1, -1, -1, 15, 0}).statusCode())
        .isEqualTo(413);
    assertThat(post("/api/v1/write", SNAPPY, new byte[] {-1, -1, 63, 0}).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aBodyWithoutEndIsRefusedAtTheLimit() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(40));
      var out = socket.getOutputStream();
      out.write(beginning("chunked").getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[0xFFFFF]);
      try {
        while (true) {
          out.write("\r\nFFFFF\r\n".getBytes(StandardCharsets.US_ASCII));
          out.write(new byte[0xFFFFF]);
        }
      } catch (SocketException e) {
        // It hung up on us, as it should.
        assertThat(e).isNotNull();
      }
    }
    assertThat(send("GET", "/health", null, Map.of(), null).statusCode()).isEqualTo(200);
  }

  /** What is answered to a write of which only the first bytes come. */
  private String raw(long announced, byte[] body, int sent, boolean hangUp) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(40));
      OutputStream out = socket.getOutputStream();
      out.write(
          beginning("body")
              .replace("1000000", Long.toString(announced))
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body, 0, sent);
      if (hangUp) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
