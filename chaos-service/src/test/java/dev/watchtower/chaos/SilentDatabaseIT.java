package dev.watchtower.chaos;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.TestKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import tools.jackson.databind.json.JsonMapper;

/** PostgreSQL is there and says nothing: its processes are stopped, its connections stay open. */
class SilentDatabaseIT {
  /** What a person who stops everything waits for at most. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final TestKeys keys = new TestKeys();
  private final String sre = keys.person("ann", Scope.READ, Scope.CHAOS);
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private String base = "";

  @Test
  void stopsEverythingAtOnceThoughARunCouldNotBegin(@TempDir Path folder) throws Exception {
    var agents = new WireMockServer(WireMockConfiguration.options().dynamicPort());
    agents.start();
    agents.stubFor(any(urlMatching("/.*")).willReturn(aResponse().withStatus(200)));
    var data = folder.resolve("data");
    var catalog =
        Files.writeString(
            folder.resolve("catalog.yaml"),
            Files.readString(Path.of(System.getenv("WATCHTOWER_CATALOG")))
                .replace("http://127.0.0.1:8091", agents.baseUrl())
                .replace("http://127.0.0.1:8092", agents.baseUrl()));
    try (var database =
            EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(true).start();
        var context =
            new SpringApplicationBuilder(ChaosServiceApplication.class)
                .run(
                    "--server.port=0",
                    "--watchtower.data-dir=" + keys.dataDir(),
                    "--watchtower.catalog=" + catalog,
                    "--watchtower.peers.ingest=" + agents.baseUrl(),
                    "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                    "--spring.datasource.username=postgres",
                    "--spring.datasource.password=postgres",
                    // Half a minute, else.
                    "--spring.datasource.hikari.data-source-properties.socketTimeout=3")) {
      base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> send("GET", "/health/readiness", "").statusCode() == 200);
      var id = json.readTree(start("checkout-errors").body()).path("id").asString();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> send("GET", "/api/v1/runs/" + id, "").body().contains("RUNNING"));

      var all = processes(data);
      try {
        signal("-STOP", all);
        assertThat(start("inventory-cpu").statusCode()).isEqualTo(503);
        // While the runs of before are asked for again and again.
        await()
            .pollInterval(Duration.ofMillis(20))
            .during(Duration.ofSeconds(3))
            .atMost(Duration.ofSeconds(15))
            .until(() -> stopsAllAtOnce(id));
        await()
            .atMost(Duration.ofSeconds(5))
            .untilAsserted(
                () -> agents.verify(deleteRequestedFor(urlEqualTo("/chaos-agent/leases/" + id))));
      } finally {
        signal("-CONT", all);
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> send("GET", "/api/v1/runs/" + id, "").body().contains("ENDED"));
    } finally {
      agents.stop();
    }
  }

  private boolean stopsAllAtOnce(String id) throws Exception {
    long begin = System.nanoTime();
    assertThat(send("POST", "/api/v1/runs/stop-all", "").body()).contains(id);
    return Duration.ofNanos(System.nanoTime() - begin).compareTo(SOON) < 0;
  }

  private HttpResponse<String> start(String experiment) throws Exception {
    return send("POST", "/api/v1/runs", "{\"experiment\":\"" + experiment + "\"}");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + sre)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The server's processes: the one that takes connections, and those that serve them. */
  private static List<Long> processes(Path data) throws Exception {
    long postmaster = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    return Stream.concat(
            Stream.of(postmaster),
            ProcessHandle.of(postmaster).orElseThrow().descendants().map(ProcessHandle::pid))
        .toList();
  }

  // One may have ended by itself: that is no fault.
  private static void signal(String signal, List<Long> processes) throws Exception {
    var command = new ArrayList<>(List.of("kill", signal));
    processes.forEach(pid -> command.add(Long.toString(pid)));
    var unused = new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
