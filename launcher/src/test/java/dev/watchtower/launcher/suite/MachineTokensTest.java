package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.http.MonitorTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kept tokens against a monitor that lists, makes and has revoked some. */
class MachineTokensTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir private Path root;
  private final Map<String, Boolean> revokedById = new TreeMap<>();
  private HttpServer monitor;
  private TokenIssuer issuer;
  private SecretFiles secrets;
  private MachineTokens tokens;

  @BeforeEach
  void start() throws IOException {
    var layout = Layout.in(root);
    var keys = new KeyFiles(layout.keys());
    issuer = new TokenIssuer("monitor", keys.privateKey("monitor"));
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    var own =
        new ServiceTokens(
            "launcher", new TokenIssuer("launcher", keys.privateKey("launcher")), clock);
    monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.createContext(
        "/api/v1/tokens",
        exchange -> {
          try (exchange) {
            boolean list = exchange.getRequestMethod().equals("GET");
            var body = (list ? listed() : made()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(list ? 200 : 201, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    monitor.start();
    secrets = new SecretFiles(layout.keys());
    tokens =
        new MachineTokens(
            layout,
            secrets,
            new MonitorTokens("http://127.0.0.1:" + monitor.getAddress().getPort(), own),
            clock);
  }

  @AfterEach
  void stop() {
    monitor.stop(0);
  }

  private String listed() {
    return revokedById.entrySet().stream()
        .map(token ->
            """
            {"id":"%s","name":"n","scopes":["ingest:write"],"revokedAt":%s}
            """
                .formatted(token.getKey(), token.getValue() ? "\"" + NOW + "\"" : null))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String made() {
    var id = "t" + revokedById.size();
    revokedById.put(id, false);
    var claims = new Claims("monitor", id, "machine:m", Set.of(Scope.INGEST_WRITE), "*", NOW, null);
    return "{\"id\":\"%s\",\"token\":\"%s\"}".formatted(id, issuer.sign(claims));
  }

  private String shop() {
    return secrets.read(Environment.SHOP_TOKEN).orElseThrow();
  }

  private String sender() {
    return secrets.read(MachineTokens.SENDER_TOKEN).orElseThrow();
  }

  @Test
  void whatIsMissingIsMadeAndWhatIsValidIsKept() throws IOException {
    assertThat(tokens.ensure()).as("the shop's is new").isTrue();
    var shop = shop();
    var sender = sender();

    assertThat(tokens.ensure()).isFalse();

    assertThat(shop()).isEqualTo(shop);
    assertThat(sender()).isEqualTo(sender);
    assertThat(revokedById).hasSize(2);
  }

  @Test
  void whatWasRevokedIsMadeAnew() throws IOException {
    boolean unused = tokens.ensure();
    var shop = shop();
    var sender = sender();
    revokedById.put("t1", true);

    assertThat(tokens.ensure()).isFalse();

    assertThat(sender()).isNotEqualTo(sender);
    assertThat(shop()).isEqualTo(shop);
    revokedById.put("t0", true);
    assertThat(tokens.ensure()).isTrue();
    assertThat(shop()).isNotEqualTo(shop);
  }

  @Test
  void whatMonitorDoesNotKnowIsMadeAnew() throws IOException {
    boolean unused = tokens.ensure();
    var sender = sender();
    revokedById.clear();
    revokedById.put("another", false);

    assertThat(tokens.ensure()).isTrue();

    assertThat(sender()).isNotEqualTo(sender);
  }
}
