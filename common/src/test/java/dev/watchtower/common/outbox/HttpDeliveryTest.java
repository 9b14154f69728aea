package dev.watchtower.common.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.http.Redirects;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

class HttpDeliveryTest {
  private HttpServer server;
  private int status = 200;
  private String retryAfter = "";
  private String contentType = "application/problem+json";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
          }
          exchange.getResponseHeaders().add("Content-Type", contentType);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void takesAnySuccessAsDelivered() {
    assertThat(answered(202)).isEqualTo(Outcome.delivered());
  }

  @Test
  void triesAgainWhatPasses() {
    for (int passing : new int[] {401, 403, 408, 425, 429, 500, 502, 503}) {
      assertThat(answered(passing)).isEqualTo(Outcome.retry("answered " + passing));
    }
  }

  @Test
  void givesUpWhatWillNotChange() {
    for (int lasting : new int[] {400, 404, 409, 413, 422}) {
      assertThat(answered(lasting)).isEqualTo(Outcome.dead("answered " + lasting));
    }
  }

  @Test
  void takesARedirectForNoDelivery() {
    for (int redirect : new int[] {301, 302, 303, 307, 308}) {
      assertThat(answered(redirect))
          .isEqualTo(Outcome.retry("answered " + redirect + ", a redirect, which is not followed"));
    }
  }

  @Test
  void triesAgainWhatAProxyBeforeThePeerDoesNotFind() {
    contentType = "text/html";

    assertThat(answered(404)).isEqualTo(Outcome.retry("answered 404"));
    assertThat(answered(405)).isEqualTo(Outcome.retry("answered 405"));
    assertThat(answered(413)).isEqualTo(Outcome.dead("answered 413"));
  }

  @Test
  void obeysRetryAfterWithinReason() {
    retryAfter = "0.35";
    assertThat(answered(429)).isEqualTo(Outcome.retry("answered 429", Duration.ofMillis(350)));
    retryAfter = "999999";
    assertThat(answered(503)).isEqualTo(Outcome.retry("answered 503", Duration.ofMinutes(10)));
    retryAfter = "soon";
    assertThat(answered(503)).isEqualTo(Outcome.retry("answered 503"));
  }

  @Test
  void triesAgainWhenNobodyAnswers() {
    int port = server.getAddress().getPort();
    server.stop(0);

    assertThat(call(port))
        .isInstanceOfSatisfying(
            Outcome.Unanswered.class, r -> assertThat(r.reason()).startsWith("no answer: "));
  }

  private Outcome answered(int code) {
    status = code;
    return call(server.getAddress().getPort());
  }

  private static Outcome call(int port) {
    var client =
        Redirects.refusedBy(RestClient.builder()).baseUrl("http://127.0.0.1:" + port).build();
    return HttpDelivery.attempt(() -> client.get().uri("/").retrieve().toBodilessEntity());
  }
}
