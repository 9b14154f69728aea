package dev.watchtower.monitor.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveIT extends RunningMonitor {
  private static final UUID ABC = UUID.fromString("00000000-0000-7000-8000-000000000abc");

  /** A STOMP client of a few lines, so that the server is not tested with itself. */
  private static final class Stomp implements WebSocket.Listener {
    private final List<String> frames = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private volatile boolean closed;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        frames.add(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed = true;
      return null;
    }
  }

  private WebSocket open(Stomp stomp, String header, String value) {
    var socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header(header, value)
            .subprotocols("v12.stomp")
            .buildAsync(URI.create(base().replace("http", "ws") + "/live"), stomp)
            .join();
    send(socket, "CONNECT\naccept-version:1.2\nhost:x\n\n\0");
    return socket;
  }

  private static void send(WebSocket socket, String frame) {
    var unused = socket.sendText(frame, true).join();
  }

  private String cookie(Browser browser) {
    return "watchtower=" + browser.cookie("watchtower").orElseThrow();
  }

  @Test
  void relaysUpstreamTopicsToALoggedInBrowserUntilItLogsOut() {
    var admin = admin();
    var stomp = new Stomp();
    var socket = open(stomp, "Cookie", cookie(admin));
    soon().until(() -> stomp.frames.stream().anyMatch(f -> f.startsWith("CONNECTED")));
    send(socket, "SUBSCRIBE\nid:1\ndestination:/topic/incidents." + ABC + "\n\n\0");
    send(socket, "SUBSCRIBE\nid:2\ndestination:/topic/health\n\n\0");

    soon()
        .untilAsserted(() -> {
          INCIDENT.publish("/topic/incidents." + ABC, seq -> Map.of("seq", seq, "note", "hello"));
          assertThat(stomp.frames)
              .anySatisfy(f ->
                  assertThat(f).contains("destination:/topic/incidents." + ABC).contains("hello"));
        });
    soon()
        .untilAsserted(() ->
            assertThat(stomp.frames)
                .anySatisfy(f -> assertThat(f).contains("\"health\"").contains("postgresql")));

    admin.form("/logout", Map.of("_csrf", admin.cookie("XSRF-TOKEN").orElseThrow()));
    soon().until(() -> stomp.closed);
  }

  @Test
  void refusesMoreIncidentsOfOneListenerThanOthersCouldBear() {
    var greedy = new Stomp();
    var socket = open(greedy, "Authorization", "Bearer " + KEYS.machine("greedy", Scope.READ));
    soon().until(() -> greedy.frames.stream().anyMatch(f -> f.startsWith("CONNECTED")));
    for (int i = 0; i < 21; i++) {
      send(socket, subscription(i, "/topic/incidents." + new UUID(7, i)));
    }
    soon()
        .untilAsserted(() ->
            assertThat(greedy.frames)
                .anySatisfy(f ->
                    assertThat(f)
                        .startsWith("ERROR")
                        .contains("too many incidents are listened to")));
    soon().until(() -> greedy.closed);

    var modest = new Stomp();
    var other = open(modest, "Authorization", "Bearer " + KEYS.machine("modest", Scope.READ));
    soon().until(() -> modest.frames.stream().anyMatch(f -> f.startsWith("CONNECTED")));
    send(other, subscription(1, "/topic/incidents." + new UUID(7, 21)));
    soon()
        .untilAsserted(() -> {
          INCIDENT.publish("/topic/incidents." + new UUID(7, 21), seq -> Map.of("seq", seq));
          assertThat(modest.frames).anySatisfy(f -> assertThat(f).startsWith("MESSAGE"));
        });
    send(other, subscription(2, "/topic/incidents.whatever"));
    soon()
        .untilAsserted(() ->
            assertThat(modest.frames)
                .anySatisfy(f ->
                    assertThat(f).startsWith("ERROR").contains("no such destination")));
  }

  private static String subscription(int id, String destination) {
    return "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0";
  }

  @Test
  void refusesOtherOriginsStrangersAndUnknownTopics() {
    var admin = admin();
    assertThat(refused("Origin", "https://evil.example", cookie(admin))).isEqualTo(403);
    assertThat(refused("X-Nothing", "x", "a=b")).isEqualTo(401);

    var stomp = new Stomp();
    var token = KEYS.machine("board", Scope.READ);
    var socket = open(stomp, "Authorization", "Bearer " + token);
    soon().until(() -> stomp.frames.stream().anyMatch(f -> f.startsWith("CONNECTED")));
    send(socket, "SUBSCRIBE\nid:1\ndestination:/topic/secrets\n\n\0");
    soon().until(() -> stomp.frames.stream().anyMatch(f -> f.startsWith("ERROR")));
  }

  private int refused(String header, String value, String cookie) {
    try {
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .header(header, value)
          .header("Cookie", cookie)
          .buildAsync(URI.create(base().replace("http", "ws") + "/live"), new Stomp())
          .join();
      return 101;
    } catch (CompletionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refusal
          ? refusal.getResponse().statusCode()
          : e.getCause() instanceof IOException ? -1 : -2;
    }
  }
}
