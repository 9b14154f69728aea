package dev.watchtower.monitor.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.LiveClient;
import dev.watchtower.monitor.RunningMonitor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LiveIT extends RunningMonitor {
  private static final String ABC = "/topic/incidents.00000000-0000-7000-8000-000000000abc";

  private LiveClient open(String header, String value) {
    var client = new LiveClient(base(), header, value);
    soon().until(() -> client.has("CONNECTED"));
    return client;
  }

  private LiveClient machine(String name) {
    return open("Authorization", "Bearer " + KEYS.machine(name, Scope.READ));
  }

  private static String cookie(Browser browser) {
    return "watchtower=" + browser.cookie("watchtower").orElseThrow();
  }

  @Test
  void relaysUpstreamTopicsToALoggedInBrowserUntilItLogsOut() {
    var admin = admin();
    var client = open("Cookie", cookie(admin));
    client.subscribe(1, ABC);
    client.subscribe(2, "/topic/health");

    soon()
        .untilAsserted(() -> {
          INCIDENT.publish(ABC, seq -> Map.of("seq", seq, "note", "hello"));
          assertThat(client.frames())
              .anySatisfy(f -> assertThat(f).contains("destination:" + ABC).contains("hello"));
        });
    soon()
        .untilAsserted(() ->
            assertThat(client.frames())
                .anySatisfy(f ->
                    assertThat(f)
                        .contains("\"health\"")
                        .contains("postgresql")
                        .contains("\"lost\":[")
                        .contains("\"source\":\"chaos\"")
                        .contains("\"statusPage\":{\"indicator\"")
                        .contains("\"waitingAlerts\":[")
                        .contains("\"catalogFaults\":[]")));

    admin.form("/logout", Map.of("_csrf", admin.cookie("XSRF-TOKEN").orElseThrow()));
    soon().until(client::closed);
  }

  @Test
  void tellsThatAnEditOfTheCatalogIsNotInForceUntilItIsMended() throws IOException {
    var file = KEYS.dataDir().resolve("watchtower.yaml");
    var good = Files.readString(file);
    var admin = admin();
    var client = open("Cookie", cookie(admin));
    client.subscribe(1, "/topic/health");

    Files.writeString(file, "services: 7");
    try {
      soon()
          .untilAsserted(() ->
              assertThat(client.frames())
                  .anySatisfy(
                      f -> assertThat(f).contains("\"catalogFaults\":[\"").contains("services")));
      assertThat(admin.json("/bff/overview").path("catalogFaults")).hasSize(2);
    } finally {
      Files.writeString(file, good);
    }
    soon().until(() -> admin.json("/bff/overview").path("catalogFaults").isEmpty());
  }

  @Test
  void refusesMoreIncidentsOfOneListenerThanOthersCouldBear() {
    var greedy = machine("greedy");
    for (int i = 0; i < 21; i++) {
      greedy.subscribe(i, "/topic/incidents." + new UUID(7, i));
    }
    soon()
        .untilAsserted(() ->
            assertThat(greedy.frames())
                .anySatisfy(f ->
                    assertThat(f)
                        .startsWith("ERROR")
                        .contains("too many incidents are listened to")));
    soon().until(greedy::closed);

    var modest = machine("modest");
    var destination = "/topic/incidents." + new UUID(7, 21);
    modest.subscribe(1, destination);
    soon()
        .untilAsserted(() -> {
          INCIDENT.publish(destination, seq -> Map.of("seq", seq));
          assertThat(modest.frames()).anySatisfy(f -> assertThat(f).startsWith("MESSAGE"));
        });
    modest.subscribe(2, "/topic/incidents.whatever");
    soon()
        .untilAsserted(() ->
            assertThat(modest.frames())
                .anySatisfy(
                    f -> assertThat(f).startsWith("ERROR").contains("no such destination")));
  }

  @Test
  void takesABrowserOnItsOwnAddressAndOnTheOneThatPeopleKnow() {
    var cookie = cookie(admin());

    assertThat(handshake("Origin", base(), cookie)).isEqualTo(101);
    assertThat(handshake("Origin", "http://watch.example", cookie)).isEqualTo(101);
    assertThat(handshake("Origin", "https://watch.example", cookie)).isEqualTo(403);
    assertThat(handshake("Origin", "http://watch.example.evil.example", cookie)).isEqualTo(403);
  }

  @Test
  void refusesOtherOriginsStrangersAndUnknownTopics() {
    var admin = admin();
    assertThat(handshake("Origin", "https://evil.example", cookie(admin))).isEqualTo(403);
    assertThat(handshake("X-Nothing", "x", "a=b")).isEqualTo(401);

    var client = machine("board");
    client.subscribe(1, "/topic/secrets");
    soon().until(() -> client.frames().stream().anyMatch(f -> f.startsWith("ERROR")));
    assertThat(client.frames().getLast())
        .contains("/topic/metrics.{env}.{service}", "/topic/incidents.{id}", "/topic/health");
    var wide = machine("wide");
    wide.subscribe(1, "/topic/*");
    soon().until(() -> wide.has("no such destination"));
  }

  @Test
  void aPatternStandsForEveryIncidentOnceHoweverElseTheyAreListenedTo() {
    var client = machine("wide");
    var one = "/topic/incidents." + new UUID(8, 1);
    client.subscribe(1, one);
    client.subscribe(2, "/topic/incidents.*");
    soon()
        .untilAsserted(() -> {
          INCIDENT.publish(one, seq -> Map.of("seq", seq, "note", "warm"));
          assertThat(from(client, "subscription:2", "warm")).isPositive();
        });
    var other = "/topic/incidents." + new UUID(8, 2);

    INCIDENT.publish(one, seq -> Map.of("seq", seq, "note", "first"));
    INCIDENT.publish(other, seq -> Map.of("seq", seq, "note", "second"));
    soon().until(() -> client.has("second"));

    assertThat(from(client, "subscription:1", "first")).isEqualTo(1);
    assertThat(from(client, "subscription:2", "first")).isEqualTo(1);
    assertThat(from(client, "destination:" + other, "second")).isEqualTo(1);

    client.send("UNSUBSCRIBE\nid:2\nreceipt:3\n\n\0");
    soon().until(() -> client.has("receipt-id:3"));
    soon()
        .untilAsserted(() -> {
          INCIDENT.publish(one, seq -> Map.of("seq", seq, "note", "third"));
          assertThat(from(client, "subscription:1", "third")).isPositive();
        });
  }

  private static long from(LiveClient client, String header, String text) {
    return client.frames().stream()
        .filter(f -> f.startsWith("MESSAGE") && f.contains(header + "\n") && f.contains(text))
        .count();
  }

  private int handshake(String header, String value, String cookie) {
    try {
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .header(header, value)
          .header("Cookie", cookie)
          .buildAsync(URI.create(base().replace("http", "ws") + "/live"), new Nobody())
          .join();
      return 101;
    } catch (CompletionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refusal
          ? refusal.getResponse().statusCode()
          : e.getCause() instanceof IOException ? -1 : -2;
    }
  }

  private static final class Nobody implements WebSocket.Listener {}
}
