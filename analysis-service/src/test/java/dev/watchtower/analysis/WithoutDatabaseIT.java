package dev.watchtower.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.TestKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** PostgreSQL comes later than the service. */
class WithoutDatabaseIT {
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void startsWithoutPostgresqlSaysSoAndRecovers() throws Exception {
    var keys = new TestKeys();
    int databasePort = freePort();
    try (var context =
        new SpringApplicationBuilder(AnalysisApplication.class)
            .run(
                "--server.port=0",
                "--watchtower.data-dir=" + keys.dataDir(),
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.connection-timeout=500")) {
      var base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
      var token = keys.person("ann", Scope.READ, Scope.RESPOND);

      assertThat(get(base + "/health/liveness", token).statusCode()).isEqualTo(200);
      assertThat(get(base + "/health/readiness", token).statusCode()).isEqualTo(503);
      var list = "/api/v1/analyses?incident=6f1f1b0e-0000-4000-8000-000000000001";
      var refused = get(base + list, token);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();

      try (var database = EmbeddedPostgres.builder().setPort(databasePort).start()) {
        assertThat(database.getPort()).isEqualTo(databasePort);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> get(base + "/health/readiness", token).statusCode() == 200);
        assertThat(get(base + list, token).statusCode()).isEqualTo(200);
      }
    }
  }

  private HttpResponse<String> get(String url, String token) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
