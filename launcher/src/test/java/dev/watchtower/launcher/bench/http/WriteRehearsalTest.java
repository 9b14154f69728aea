package dev.watchtower.launcher.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteRehearsalTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server = server();
  private volatile int taken = 204;

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpServer server() {
    try {
      var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      made.createContext(
          "/",
          exchange -> {
            try (exchange) {
              int length = exchange.getRequestBody().readAllBytes().length;
              boolean write = exchange.getRequestMethod().equals("POST");
              requests.add(
                  exchange.getRequestURI().getPath()
                      + " "
                      + exchange.getRequestHeaders().getFirst("Authorization")
                      + (length > 0 ? " with a body" : ""));
              byte[] body = write ? new byte[0] : "{}".getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(write ? taken : 200, write ? -1 : body.length);
              exchange.getResponseBody().write(body);
            }
          });
      made.start();
      return made;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void perform() throws IOException, InterruptedException {
    new WriteRehearsal(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC), 8, 1)
        .perform(server.getAddress().getPort(), () -> "secret");
  }

  @Test
  void writesOverAllConnectionsThenAsks() throws Exception {
    perform();

    assertThat(requests.subList(0, 8)).allMatch("/api/v1/write Bearer secret with a body"::equals);
    assertThat(requests.subList(8, requests.size()))
        .contains("/api/v1/query_range Bearer secret", "/api/v1/signals Bearer secret")
        .noneMatch(r -> r.contains("write"));
  }

  @Test
  void saysThatItWasNotTaken() {
    taken = 503;

    assertThatThrownBy(this::perform).isInstanceOf(IOException.class).hasMessageContaining("503");
  }
}
