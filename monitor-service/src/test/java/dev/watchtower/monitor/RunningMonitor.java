package dev.watchtower.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.TestKeys;
import dev.watchtower.upstream.UpstreamApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service on a SQLite file of its own, with stand-in peers; one for all tests. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
public abstract class RunningMonitor {
  protected static final String ADMIN_PASSWORD = "three blind mice run";

  /** Where people reach it, through a proxy that asks it at {@link #base()}. */
  protected static final String PUBLIC_URL = "http://watch.example/";

  /** A component of the status page that no probe speaks for. */
  private static final String UNPROBED = "    - {name: Payroll, env: prod, services: [payroll]}\n";

  protected static final TestKeys KEYS = new TestKeys();
  protected static final StubPeer INGEST = new StubPeer();
  protected static final StubPeer ANALYSIS = new StubPeer();
  protected static final StubPeer CHAOS = new StubPeer();
  protected static final StubPeer SHOP = new StubPeer();
  protected static final StubPeer DISCORD = new StubPeer();
  protected static final UpstreamApplication.State INCIDENT_STATE = new UpstreamApplication.State();
  protected static final UpstreamApplication INCIDENT =
      UpstreamApplication.start(KEYS.dataDir().toString(), 0, INCIDENT_STATE);
  private static final ServerSocket DATABASE = database();

  @LocalServerPort protected int port;

  private static ServerSocket database() {
    try {
      var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual()
          .start(() -> {
            while (!server.isClosed()) {
              try {
                server.accept().close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          });
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) throws IOException {
    DISCORD.answer(_ -> StubPeer.Reply.ok("{\"id\":\"900\"}"));
    INGEST.answer(got ->
        got.path().startsWith("/api/v1/signals")
            ? StubPeer.Reply.ok(
                "[{\"env\":\"prod\",\"service\":\"checkout\",\"seq\":1,\"ts\":1,"
                    + "\"signals\":{\"traffic\":3.5,\"cpu\":null}},"
                    + "{\"env\":\"prod\",\"service\":\"quiet\",\"seq\":0,\"ts\":9,\"stale\":true,"
                    + "\"signals\":{\"traffic\":null,\"cpu\":null}}]")
            : StubPeer.Reply.ok("{\"status\":\"UP\",\"items\":[]}"));
    KEYS.register(registry);
    var catalog = KEYS.dataDir().resolve("watchtower.yaml");
    Files.writeString(
        catalog,
        Files.readString(Path.of("../config/watchtower.yaml"))
            .replace("${DISCORD_WEBHOOK_URL:-}", DISCORD.url() + "/api/webhooks/1/abc")
            .replace("${STOREFRONT_URL:-http://127.0.0.1:8090}", SHOP.url())
            .replace("${CHECKOUT_URL:-http://127.0.0.1:8091}", SHOP.url())
            .replace("${INVENTORY_URL:-http://127.0.0.1:8092}", SHOP.url())
            .replace("\nservices:\n", "\nservices:\n  - {name: payroll, environments: [prod]}\n")
            .replace("\nnotifications:\n", UNPROBED + "\nnotifications:\n")
            .replace("interval: 2s", "interval: 500ms")
            .replace("timeout: 1s", "timeout: 500ms"));
    registry.add("watchtower.catalog", catalog::toString);
    registry.add("watchtower.public-url", () -> PUBLIC_URL);
    registry.add("watchtower.peers.ingest", INGEST::url);
    registry.add("watchtower.peers.incident", () -> "http://127.0.0.1:" + INCIDENT.port());
    registry.add("watchtower.peers.analysis", ANALYSIS::url);
    registry.add("watchtower.peers.chaos", CHAOS::url);
    registry.add(
        "watchtower.monitor.db-url",
        () -> "jdbc:postgresql://127.0.0.1:" + DATABASE.getLocalPort() + "/watchtower");
    // Not all of loopback: 127.0.0.2 asks without a proxy.
    registry.add("WATCHTOWER_PROXIES", () -> "127.0.0.1");
    registry.add("watchtower.monitor.interval", () -> "100ms");
    registry.add("watchtower.monitor.maintenance-refresh", () -> "PT0.3S");
    registry.add("watchtower.monitor.start-grace", () -> "0s");
    registry.add("WATCHTOWER_ADMIN_PASSWORD", () -> ADMIN_PASSWORD);
  }

  protected String base() {
    return "http://127.0.0.1:" + port;
  }

  protected Browser browser() {
    return new Browser(base());
  }

  /** A browser in which the administrator is logged in. */
  protected Browser admin() {
    var browser = browser();
    var answer = browser.login("admin", ADMIN_PASSWORD);
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).hasValue("/");
    browser.page("/login");
    return browser;
  }

  protected static ConditionFactory soon() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions();
  }

  /** State of a target as {@code /bff/health} gives it. */
  protected static String state(Browser browser, String target) {
    for (var one : browser.json("/bff/health")) {
      if (one.path("name").asString().equals(target)) {
        return one.path("state").asString();
      }
    }
    return "absent";
  }
}
