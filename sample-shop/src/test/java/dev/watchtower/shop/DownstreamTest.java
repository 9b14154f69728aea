package dev.watchtower.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;

class DownstreamTest {
  @Test
  void saysUnavailableWhenTheNextServiceBreaksOffInTheMiddleOfItsAnswer() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 1_000);
          exchange
              .getResponseBody()
              .write("{\"half\":".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          exchange.close();
        });
    server.start();
    try {
      var factory =
          new JdkClientHttpRequestFactory(
              HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build());
      factory.setReadTimeout(Duration.ofSeconds(2));
      var client =
          RestClient.builder()
              .requestFactory(factory)
              .baseUrl("http://127.0.0.1:" + server.getAddress().getPort())
              .build();

      var thrown =
          catchThrowableOfType(
              RestClientException.class,
              () -> client.get().uri("/").retrieve().body(java.util.Map.class));

      assertThat(
              new ExceptionHandlerMethodResolver(Downstream.class).resolveMethodByThrowable(thrown))
          .isNotNull()
          .satisfies(m -> assertThat(m.getName()).isEqualTo("silent"));
      assertThat(new Downstream().silent(thrown).getStatus()).isEqualTo(503);
    } finally {
      server.stop(0);
    }
  }
}
