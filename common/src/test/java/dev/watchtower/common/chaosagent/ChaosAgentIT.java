package dev.watchtower.common.chaosagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The agent in an application that has nothing else of Watchtower. */
class ChaosAgentIT {
  @TempDir private static Path dataDir;
  private static EmbeddedPostgres postgres;
  private static ServletWebServerApplicationContext application;
  private final HttpClient http = HttpClient.newHttpClient();

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {
        ServletWebSecurityAutoConfiguration.class,
        ManagementWebSecurityAutoConfiguration.class,
        UserDetailsServiceAutoConfiguration.class
      })
  @RestController
  static class Shop {
    private final JdbcClient jdbc;

    Shop(DataSource dataSource) {
      this.jdbc = JdbcClient.create(dataSource);
    }

    @GetMapping("/plain")
    String plain() {
      return "ok";
    }

    @GetMapping("/stock")
    int stock() {
      return jdbc.sql("select 7").query(Integer.class).single();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    postgres = EmbeddedPostgres.start();
    // Its logging would take the place of that of the other tests' applications in this JVM.
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    application =
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(Shop.class)
                .run(
                    "--server.port=0",
                    "--spring.flyway.enabled=false",
                    "--server.address=127.0.0.1",
                    "--management.endpoints.web.base-path=/",
                    "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                    "--spring.datasource.username=postgres",
                    "--watchtower.chaos-agent.enabled=true",
                    "--watchtower.data-dir=" + dataDir);
    System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
  }

  private final String ofThisTest = "-" + UUID.randomUUID();

  @AfterAll
  static void stop() throws IOException {
    application.close();
    postgres.close();
  }

  @AfterEach
  void endAllFaults() {
    for (var kind :
        Set.of("latency", "errors", "cpu", "memory", "db-down", "db-latency", "slow-query")) {
      send("DELETE", kind, token("chaos", Scope.FAULT), "");
    }
  }

  @Test
  void failsRequestsButNotTheHealthOfTheProcess() {
    assertThat(get("/plain").statusCode()).isEqualTo(200);

    assertThat(hold("errors", "{\"ratio\":1,\"status\":503}").statusCode()).isEqualTo(200);

    assertThat(get("/plain").statusCode()).isEqualTo(503);
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "errors", token("chaos", Scope.FAULT), "").statusCode())
        .isEqualTo(204);
    assertThat(get("/plain").statusCode()).isEqualTo(200);
  }

  @Test
  void slowsRequestsDownAndLetsThemGoWhenTheLeaseEnds() {
    hold("latency", "{\"millis\":300,\"jitter-millis\":10}");
    assertThat(timed("/plain")).isBetween(280L, 1_500L);

    put("latency", "{\"millis\":20000}", 500);
    assertThat(timed("/plain")).isLessThan(2_000);
  }

  @Test
  void takesTheDatabaseAwayAndTheHealthCheckSeesIt() {
    assertThat(get("/stock").body()).isEqualTo("7");

    hold("db-down", "{}");

    assertThat(get("/stock").statusCode()).isEqualTo(500);
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/plain").statusCode()).isEqualTo(200);
    send("DELETE", "db-down", token("chaos", Scope.FAULT), "");
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void slowsTheDatabaseDown() {
    hold("db-latency", "{\"millis\":200}");
    assertThat(timed("/stock")).isGreaterThan(190);
    send("DELETE", "db-latency", token("chaos", Scope.FAULT), "");

    hold("slow-query", "{\"millis\":300}");
    assertThat(timed("/stock")).isGreaterThan(290);
  }

  @Test
  void keepsTheProcessorsBusyUntilTheLeaseEnds() {
    put("cpu", "{\"load\":0.2}", 600);
    assertThat(busyThreads()).isEqualTo(Runtime.getRuntime().availableProcessors());

    await().atMost(Duration.ofSeconds(5)).until(() -> busyThreads() == 0);
  }

  @Test
  void holdsMemoryUntilTheLeaseEnds() {
    put("memory", "{\"megabytes\":20}", 600);
    assertThat(busyThreads()).isEqualTo(1);

    await().atMost(Duration.ofSeconds(5)).until(() -> busyThreads() == 0);
  }

  @Test
  void listsWhatIsInForce() {
    hold("errors", "{\"ratio\":0}");

    assertThat(send("GET", "", token("chaos", Scope.FAULT), "").body())
        .contains("\"id\":\"errors" + ofThisTest + "\"", "\"ratio\":0", "\"leftMillis\"");
  }

  @Test
  void obeysOnlyChaosService() {
    assertThat(send("GET", "", "", "").statusCode()).isEqualTo(401);
    assertThat(send("GET", "", "wt_x.y", "").statusCode()).isEqualTo(401);
    assertThat(send("GET", "", token("chaos", Scope.READ), "").statusCode()).isEqualTo(403);
    assertThat(send("GET", "", token("monitor", Scope.ADMIN), "").statusCode()).isEqualTo(403);
    assertThat(send("GET", "", token("monitor", Scope.FAULT), "").statusCode()).isEqualTo(401);
  }

  @Test
  void answersBadInputWithAProblem() {
    var token = token("chaos", Scope.FAULT);

    assertThat(send("PUT", "x", token, "{").statusCode()).isEqualTo(400);
    assertThat(send("PUT", "x", token, "").statusCode()).isEqualTo(400);
    assertThat(send("PUT", "x", token, "[]").statusCode()).isEqualTo(400);
    assertThat(send("PUT", "x", token, " ".repeat(20_000)).statusCode()).isEqualTo(413);
    assertThat(send("PUT", "x/y", token, "{}").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "unknown", token, "").statusCode()).isEqualTo(404);
    assertThat(send("POST", "x", token, "{}").statusCode()).isEqualTo(405);
    var bad = put("errors", "{\"ratio\":2}", 1_000);
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.headers().firstValue("Content-Type"))
        .hasValueSatisfying(t -> assertThat(t).startsWith("application/problem+json"));
    assertThat(bad.body()).contains("parameters.ratio");
  }

  private HttpResponse<String> hold(String kind, String parameters) {
    return put(kind, parameters, 10_000);
  }

  private HttpResponse<String> put(String kind, String parameters, long ttlMillis) {
    var body =
        "{\"kind\":\"%s\",\"parameters\":%s,\"ttlMillis\":%d}"
            .formatted(kind, parameters, ttlMillis);
    return send("PUT", kind, token("chaos", Scope.FAULT), body);
  }

  private static long busyThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("worker"))
        .count();
  }

  private long timed(String path) {
    long from = System.nanoTime();
    assertThat(get(path).statusCode()).isEqualTo(200);
    return (System.nanoTime() - from) / 1_000_000;
  }

  private HttpResponse<String> get(String path) {
    return call(HttpRequest.newBuilder(uri(path)));
  }

  /** Each test has leases of its own: what was ended does not come back. */
  private HttpResponse<String> send(String method, String lease, String token, String body) {
    var request =
        HttpRequest.newBuilder(
                uri("/chaos-agent/leases" + (lease.isEmpty() ? "" : "/" + lease + ofThisTest)))
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return call(request);
  }

  private HttpResponse<String> call(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + application.getWebServer().getPort() + path);
  }

  private static String token(String issuer, Scope scope) {
    var now = Clock.tickSeconds(ZoneOffset.UTC).instant();
    return new TokenIssuer(issuer, new KeyFiles(dataDir.resolve("keys")).privateKey(issuer))
        .sign(
            new Claims(
                issuer,
                "t",
                "service:" + issuer,
                Set.of(scope),
                "chaos-agent",
                now,
                now.plusSeconds(60)));
  }
}
