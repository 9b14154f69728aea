package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Dispatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service on real PostgreSQL, with a settable clock; one for all tests of the module. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(RunningService.TestClock.class)
public abstract class RunningService {
  protected static final TestKeys KEYS = new TestKeys();
  protected static final PostgresSupport.Db DB = PostgresSupport.database();
  protected static final MutableClock CLOCK = MutableClock.ofAFixedDay();
  protected static final DiscordStandIn DISCORD = new DiscordStandIn();
  protected static final DiscordApplicationStandIn DISCORD_APPLICATION =
      new DiscordApplicationStandIn();
  protected static final HookStandIn HOOK = new HookStandIn();
  protected static final HookStandIn CHAT = new HookStandIn();
  protected static final SmtpStandIn MAIL = new SmtpStandIn();
  protected static final PeerStandIn SUPERVISOR = new PeerStandIn();
  protected static final PeerStandIn ANALYSIS = new PeerStandIn();
  protected static final PeerStandIn INGEST = new PeerStandIn();
  protected static final PeerStandIn CHAOS_PEER = new PeerStandIn();
  protected static final PeerStandIn REPAIR_HOOK = new PeerStandIn();

  /** The id of a token that was revoked before the service started. */
  protected static final String REVOKED = "00000000-0000-4000-8000-000000000001";

  private static final AtomicInteger COUNT = new AtomicInteger();

  @LocalServerPort protected int port;
  @Autowired protected JdbcClient jdbc;
  @Autowired private Dispatch toChannels;
  @Autowired private Transactions inTransaction;

  /** The settable clock in the place of the system's. */
  @TestConfiguration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    @Primary
    Clock clock() {
      return CLOCK;
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) throws IOException {
    DB.register(registry);
    KEYS.register(registry);
    var catalog = KEYS.dataDir().resolve("watchtower.yaml");
    Files.writeString(
        catalog,
        Files.readString(Path.of("../config/watchtower.yaml"))
            .replace("${DISCORD_WEBHOOK_URL:-}", DISCORD.url())
            .replace("mention-role: null", "mention-role: \"4711\"")
            .replaceFirst(
                "(?m)^  routes:$",
                TestCatalog.channels(
                    HOOK.url(), CHAT.url(), MAIL.port(), DISCORD_APPLICATION.publicKey()))
            .replace("    - channel: discord", TestCatalog.DISCORD_ROUTE)
            .replaceFirst("(?m)^services:$", "services:\n" + TestCatalog.SERVICES)
            .replaceFirst("(?m)^    severity-rules: \\[]$", TestCatalog.SEVERITY_RULES)
            .replaceFirst("(?m)^  components:$", "  components:\n" + TestCatalog.COMPONENTS)
            .replace("  rotations: []", TestCatalog.ROTATIONS)
            .replace("  policies: []", TestCatalog.POLICIES)
            .replace("commands: []", TestCatalog.COMMANDS)
            .replaceFirst(
                "(?m)^playbooks:$", "playbooks:\n" + TestCatalog.playbooks(REPAIR_HOOK.url())));
    var revoked = KEYS.dataDir().resolve("run").resolve("revoked-incident");
    Files.createDirectories(revoked.getParent());
    Files.writeString(revoked, REVOKED + "\nuser:gone");
    registry.add("watchtower.catalog", catalog::toString);
    registry.add("watchtower.peers.supervisor", SUPERVISOR::url);
    registry.add("watchtower.peers.analysis", ANALYSIS::url);
    registry.add("watchtower.peers.ingest", INGEST::url);
    registry.add("watchtower.peers.chaos", CHAOS_PEER::url);
    registry.add("watchtower.incident.change-poll", () -> "100ms");
    registry.add("watchtower.public-url", () -> "https://watch.example");
    registry.add("watchtower.incident.tick", () -> "50ms");
    registry.add("server.port", () -> "0");
  }

  /** The schema is made in the background: nothing is asked before all of it is there. */
  @BeforeEach
  void untilTheSchemaIsThere() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> nobody().get("/health/readiness").status() == 200);
  }

  /** What a test resolved while it fired is not to be raised again in the next one. */
  @AfterEach
  protected void nothingIsKept() {
    jdbc.sql("delete from signal_kept").update();
  }

  /** How many messages wait to be sent. */
  protected long toBeSent() {
    return jdbc.sql("select count(*) from notification where state in ('WAITING', 'SENDING')")
        .query(Long.class)
        .single();
  }

  /** Has what waits for a channel tried now, whatever the channel said before. */
  protected void hurry(String channel) {
    boolean unused =
        inTransaction.once(() -> {
          toChannels.hurry(channel);
          return true;
        });
  }

  /** Moves an incident on; that has to be possible. */
  protected void send(String incident, String event) {
    var answer =
        responder()
            .post(
                "/api/v1/incidents/" + incident + "/transitions",
                Map.of("event", event, "comment", "why not"));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  /** A client that is a person with the scopes. */
  protected Api as(String person, Scope... scopes) {
    return new Api(
        base(), () -> KEYS.token("monitor", "user:" + person, "*", CLOCK.instant(), scopes));
  }

  /** A client that is a machine with the scopes. */
  protected Api asMachine(String name, Scope... scopes) {
    return new Api(
        base(), () -> KEYS.token("monitor", "machine:" + name, "*", CLOCK.instant(), scopes));
  }

  /** A client that is a service with the scopes. */
  protected Api asService(String service, Scope... scopes) {
    return new Api(
        base(), () -> KEYS.token(service, "service:" + service, "*", CLOCK.instant(), scopes));
  }

  /** A responder; the signals are those of ingest and monitor. */
  protected Api responder() {
    return as("ann", Scope.READ, Scope.RESPOND).signalling(RunningService::tokenOf);
  }

  /** A token with which a service sends signals. */
  protected static String tokenOf(String service) {
    return KEYS.token(service, "service:" + service, "*", CLOCK.instant(), Scope.SIGNALS_WRITE);
  }

  /** A client without a token. */
  protected Api nobody() {
    return new Api(base(), () -> "");
  }

  private String base() {
    return "http://127.0.0.1:" + port;
  }

  /** The incident whose timeline the newest audit entry saw that has the id in what was done. */
  protected String anchorOf(String id) {
    return as("root", Scope.READ, Scope.ADMIN)
        .get("/api/v1/audit")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> (e.path("action").asString() + e.path("subject").asString()).contains(id))
        .findFirst()
        .map(e -> e.path("timeline").path("incident").asString(""))
        .orElse("no entry");
  }

  /** A service name that no other test uses. */
  protected static String freshService() {
    return "svc-" + COUNT.incrementAndGet();
  }

  /** A signal of a rule on a service, at the clock's now. */
  protected static Signal signal(String service, String rule, SignalStatus status) {
    return signal(service, rule, status, Severity.SEV2, CLOCK.instant());
  }

  /** A signal with a severity and a time. */
  protected static Signal signal(
      String service, String rule, SignalStatus status, Severity severity, Instant at) {
    return new Signal(
        UUID.randomUUID(),
        rule + "|" + service,
        SignalKind.THRESHOLD,
        status,
        rule,
        service,
        "prod",
        severity,
        "Too many requests fail",
        at,
        null,
        null);
  }

  /** Moves the clock on. */
  protected static void advance(Duration step) {
    CLOCK.advance(step);
  }
}
