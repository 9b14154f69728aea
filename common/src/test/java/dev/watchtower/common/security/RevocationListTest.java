package dev.watchtower.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.http.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of revoked tokens, from a monitor that answers what a test wants. */
class RevocationListTest {
  @TempDir private Path folder;
  private HttpServer monitor;
  private Peers peers;
  private volatile String answer = "{\"revoked\":[\"t1\"]}";

  @BeforeEach
  void start() throws IOException {
    monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.createContext(
        "/internal/v1/revocations",
        exchange -> {
          try (exchange) {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    monitor.start();
    var key = new KeyFiles(folder.resolve("keys")).privateKey("ingest");
    var clock = Clock.fixed(Instant.parse("2026-03-02T10:00:00Z"), ZoneOffset.UTC);
    peers = peers(key, clock);
  }

  private Peers peers(PrivateKey key, Clock clock) {
    return new Peers(
        Map.of("monitor", "http://127.0.0.1:" + monitor.getAddress().getPort()),
        new ServiceTokens("ingest", new TokenIssuer("ingest", key), clock));
  }

  @AfterEach
  void stop() {
    monitor.stop(0);
  }

  private Path file() {
    return folder.resolve("state").resolve("revoked");
  }

  private boolean isRevokedAfterARestart(String id) {
    return new RevocationList(file(), peers).revoked().test(id);
  }

  @Test
  void whatWasRevokedOutlivesARestart() {
    var list = new RevocationList(file(), peers);
    list.fetch();

    assertThat(list.revoked().test("t1")).isTrue();
    assertThat(list.revoked().test("t2")).isFalse();
    assertThat(isRevokedAfterARestart("t1")).isTrue();
  }

  @Test
  void whatCouldNotBeKeptIsKeptWithTheNextList() throws IOException {
    var list = new RevocationList(file(), peers);
    // A file where the folder should be.
    Files.writeString(folder.resolve("state"), "in the way");
    list.fetch();
    assertThat(list.revoked().test("t1")).as("it holds all the same").isTrue();
    assertThat(isRevokedAfterARestart("t1")).isFalse();

    Files.delete(folder.resolve("state"));
    list.fetch();

    assertThat(isRevokedAfterARestart("t1")).isTrue();
  }

  @Test
  void aListThatMakesNoSenseEndsNothing() {
    var list = new RevocationList(file(), peers);
    list.fetch();
    answer = "{\"revoked\":[null]}";

    list.fetch();

    assertThat(list.revoked().test("t1")).as("the last one holds").isTrue();
    answer = "{\"revoked\":[\"t1\",\"t2\"]}";
    list.fetch();
    assertThat(list.revoked().test("t2")).isTrue();
  }

  @Test
  void anErrorEndsTheFetchingForThatTimeOnly() throws IOException {
    var asked = new AtomicInteger();
    var broken =
        new Clock() {
          @Override
          public Instant instant() {
            if (asked.incrementAndGet() == 1) {
              throw new NoClassDefFoundError("gone with the update");
            }
            return Instant.parse("2026-03-02T10:00:00Z");
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    var key = new KeyFiles(folder.resolve("keys")).privateKey("ingest");
    var list = new RevocationList(file(), peers(key, broken), Duration.ofMillis(1));

    list.start();
    try {
      await().atMost(Duration.ofSeconds(10)).until(() -> list.revoked().test("t1"));
    } finally {
      list.stop();
    }
    assertThat(asked.get()).isGreaterThan(1);
  }
}
