package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.JsonNode;

/** The service without its database, and over its own restart. */
class RestartIT {
  private static final MutableClock CLOCK = MutableClock.ofAFixedDay();
  private static final TestKeys KEYS = new TestKeys();
  private static final DiscordStandIn DISCORD = new DiscordStandIn();
  private static final HookStandIn HOOK = new HookStandIn();
  private static final HookStandIn CHAT = new HookStandIn();
  private static final SmtpStandIn MAIL = new SmtpStandIn();

  /** The settable clock in the place of the system's. */
  @Configuration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    @Primary
    Clock testClock() {
      return CLOCK;
    }
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
  }

  private static ConfigurableApplicationContext start(int databasePort) throws IOException {
    var catalog = KEYS.dataDir().resolve("watchtower.yaml");
    Files.writeString(
        catalog,
        Files.readString(Path.of("../config/watchtower.yaml"))
            .replace("${DISCORD_WEBHOOK_URL:-}", DISCORD.url())
            .replaceFirst(
                "(?m)^  routes:$",
                """
                    - {name: hook, kind: webhook, url: "%s", secret: 0123456789abcdef}
                    - {name: chat, kind: slack, url: "%s"}
                    - {name: mail, kind: email, to: [ann@example.org]}
                  smtp: {host: 127.0.0.1, port: %d, tls: none, from: w@example.org}
                  routes:
                    - {channels: [hook, chat, mail], severities: [SEV2]}
                """
                    .formatted(HOOK.url(), CHAT.url(), MAIL.port())
                    .stripTrailing())
            .replace(
                "  policies: []",
                """
                  policies:
                    - {name: worst, severities: [SEV1], steps: [{after: 10m, people: [boss]}]}
                """));
    Map<String, Object> properties =
        Map.of(
            "spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres",
            "spring.datasource.username", "postgres",
            "spring.datasource.password", "postgres",
            "watchtower.data-dir", KEYS.dataDir().toString(),
            "watchtower.catalog", catalog.toString(),
            "watchtower.incident.tick", "50ms",
            "watchtower.outbox.lease", "1s",
            "server.port", "0");
    // Before all others, the service's own file as well as the environment.
    return new SpringApplicationBuilder(IncidentServiceApplication.class, TestClock.class)
        .initializers(context ->
            context
                .getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", properties)))
        .run();
  }

  private static Api api(ConfigurableApplicationContext context) {
    return new Api(
            "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"),
            () ->
                KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), Scope.READ, Scope.RESPOND))
        .signalling(
            name -> KEYS.token(name, "service:" + name, "*", CLOCK.instant(), Scope.SIGNALS_WRITE));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void itStartsWithoutItsDatabaseAndForgetsNothingOverARestart() throws IOException {
    int port = freePort();
    var first = start(port);
    var api = api(first);
    assertThat(api.get("/health/liveness").status()).isEqualTo(200);
    assertThat(api.get("/health/readiness").status()).isEqualTo(503);
    var signal = signal("checkout-api", SignalStatus.FIRING);
    assertThat(api.post("/api/v1/signals", signal).status()).isEqualTo(503);

    try (var database = EmbeddedPostgres.builder().setPort(port).start()) {
      assertThat(database.getPort()).isEqualTo(port);
      soon().until(() -> api.get("/health/readiness").status() == 200);
      DISCORD.fail(new Fault.Answer(429, "{\"retry_after\":1.5,\"global\":true}", Map.of()));
      var late = new HookStandIn.Fault.Answer(429, "", Map.of("Retry-After", "1.5"));
      HOOK.fail(new HookStandIn.Fault.Reset(), late);
      CHAT.fail(late);
      MAIL.fail(new SmtpStandIn.Fault.Answer("451 later"), new SmtpStandIn.Fault.Reset());
      var incident = api.post("/api/v1/signals", signal).text("incident");
      soon().until(DISCORD::isHealthy);
      api.post("/api/v1/signals", signal("checkout-api", SignalStatus.CLEARED));
      var urgent =
          api.post(
                  "/api/v1/signals",
                  RunningService.signal(
                      "billing-api", "rule", SignalStatus.FIRING, Severity.SEV1, CLOCK.instant()))
              .text("incident");
      first.close();
      assertThat(DISCORD.messagesWith(incident)).isEmpty();

      CLOCK.advance(Duration.ofMinutes(20));
      var second = start(port);
      try {
        var again = api(second);
        soon()
            .until(
                () -> again.get("/api/v1/incidents/" + incident).text("state").equals("RESOLVED"));
        soon().until(() -> DISCORD.messagesWith(incident).size() == 2);
        // The escalation's time came while nothing ran.
        soon()
            .until(() ->
                again
                    .get("/api/v1/incidents/" + urgent + "/timeline")
                    .body()
                    .toString()
                    .contains("Escalated to boss on discord"));
        // Also what is being sent: it may be taken already, and is not written down as sent yet.
        soon()
            .until(() ->
                again
                    .get("/api/v1/notifications")
                    .body()
                    .path("channels")
                    .valueStream()
                    .allMatch(c -> c.path("waiting").asInt() == 0));
        assertThat(DISCORD.messagesWith(incident)).hasSize(2);
        eachChannelWasToldOnceAndInOrder(again, incident);
        assertThat(
                again
                    .get("/api/v1/incidents/" + incident + "/timeline/verify")
                    .body()
                    .path("valid")
                    .asBoolean())
            .isTrue();
      } finally {
        second.close();
      }
    }
  }

  private static void eachChannelWasToldOnceAndInOrder(Api api, String incident) {
    var notices =
        api.get("/api/v1/notifications?limit=200&incident=" + incident)
            .body()
            .path("items")
            .valueStream()
            .filter(n -> n.path("state").asString().equals("SENT"))
            .toList();
    assertThat(HOOK.takenWith(incident)).hasSameSizeAs(of(notices, "hook"));
    assertThat(HOOK.takenWith(incident))
        .extracting(r -> r.header("webhook-id"))
        .doesNotHaveDuplicates();
    assertThat(HOOK.takenWith(incident).getFirst().body()).contains("incident.detected");
    assertThat(HOOK.takenWith(incident).getLast().body()).contains("incident.resolved");
    assertThat(CHAT.takenWith(incident)).hasSameSizeAs(of(notices, "chat"));
    assertThat(CHAT.takenWith(incident).getLast().body()).contains("Resolved");
    assertThat(MAIL.takenWith(incident)).hasSameSizeAs(of(notices, "mail"));
    assertThat(MAIL.takenWith(incident).getLast()).contains("RESOLVED");
    assertThat(of(notices, "mail")).hasSizeGreaterThanOrEqualTo(2);
  }

  private static List<JsonNode> of(List<JsonNode> notices, String channel) {
    return notices.stream().filter(n -> n.path("channel").asString().equals(channel)).toList();
  }

  private static Signal signal(String service, SignalStatus status) {
    CLOCK.advance(Duration.ofSeconds(5));
    return RunningService.signal(service, "rule", status, Severity.SEV2, CLOCK.instant());
  }
}
