package dev.watchtower.monitor.live.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.upstream.UpstreamApplication;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import tools.jackson.databind.json.JsonMapper;

/** A subscription to series, from a service that relays it to one that has them. */
class SeriesRelayIT extends RunningMonitor {
  @Autowired private WebSocketStompClient client;
  @Autowired private JsonMapper json;

  private final List<LiveSubscription> served = new CopyOnWriteArrayList<>();
  private final List<String> got = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private UpstreamApplication relaying;
  private SeriesRelay relay;

  @BeforeEach
  void start() {
    INCIDENT_STATE.series =
        new LiveInterest() {
          @Override
          public void subscribed(LiveSubscription subscription) {
            if (subscription.match().equals("up{")) {
              throw new IllegalArgumentException("match: the brace is not closed");
            }
            served.add(subscription);
          }

          @Override
          public void unsubscribed(LiveSubscription subscription) {
            served.remove(subscription);
          }
        };
    var state = new UpstreamApplication.State();
    relay =
        new SeriesRelay(
            (_, handler) -> {
              if (failures.getAndDecrement() > 0) {
                throw new ExecutionException(new IllegalStateException("refused"));
              }
              return connect(INCIDENT.port(), handler);
            },
            json);
    state.series = relay;
    relaying = UpstreamApplication.start(KEYS.dataDir().toString(), 0, state);
  }

  @AfterEach
  void stop() {
    relay.close();
    relaying.close();
  }

  private StompSession connect(int port, StompSessionHandlerAdapter handler)
      throws ExecutionException, TimeoutException, InterruptedException {
    var headers = new StompHeaders();
    headers.set("Authorization", "Bearer " + KEYS.machine("series", Scope.READ));
    return client
        .connectAsync(
            URI.create("ws://127.0.0.1:" + port + "/ws"),
            new WebSocketHttpHeaders(),
            headers,
            handler)
        .get(5, TimeUnit.SECONDS);
  }

  /** Keeps the bodies of messages, and the reasons of errors. */
  private final class Ear extends StompSessionHandlerAdapter {
    @Override
    public Type getPayloadType(StompHeaders headers) {
      return byte[].class;
    }

    @Override
    public void handleFrame(StompHeaders headers, @Nullable Object payload) {
      var error = headers.getFirst("message");
      got.add(
          error != null
              ? error
              : payload instanceof byte[] body ? new String(body, StandardCharsets.UTF_8) : "");
    }
  }

  private StompSession subscribe(String match) throws Exception {
    var ear = new Ear();
    var session = connect(relaying.port(), ear);
    var headers = new StompHeaders();
    headers.setDestination("/topic/series");
    if (!match.isEmpty()) {
      headers.set("match", match);
    }
    session.subscribe(headers, ear);
    return session;
  }

  private static Map<String, Object> samples(long seq, String value) {
    var sample = Map.of("labels", Map.of("a", "b"), "ts", 1, "value", value);
    return Map.of("seq", seq, "samples", List.of(sample), "leftOut", 0);
  }

  @Test
  void passesSamplesOnForAsLongAsSomebodyListens() throws Exception {
    var session = subscribe("up{a=\"b\"}");
    soon().until(() -> served.size() == 1);
    assertThat(served.getFirst().match()).isEqualTo("up{a=\"b\"}");

    served.getFirst().send(seq -> samples(seq, "1"));
    served.getFirst().send(seq -> samples(seq, "2"));

    soon().until(() -> got.size() == 2);
    var first = json.readTree(got.get(0));
    var second = json.readTree(got.get(1));
    assertThat(second.path("samples").path(0).path("value").asString()).isEqualTo("2");
    assertThat(second.path("seq").asLong()).isEqualTo(first.path("seq").asLong() + 1);
    session.disconnect();
    soon().until(served::isEmpty);
  }

  @Test
  void tellsWhyASelectorIsRefused() throws Exception {
    subscribe("up{");
    soon().until(() -> got.contains("match: the brace is not closed"));
    subscribe("");
    soon().until(() -> got.stream().anyMatch(m -> m.contains("the header 'match'")));
    assertThat(served).isEmpty();
  }

  @Test
  void listensFromWhenTheSourceIsThereAndSaysThatSomethingWasMissed() throws Exception {
    failures.set(2);
    subscribe("up");

    soon().until(() -> served.size() == 1);
    soon().until(() -> got.stream().anyMatch(m -> m.contains("\"reset\":true")));
    served.getFirst().send(seq -> samples(seq, "1"));
    soon().until(() -> got.stream().anyMatch(m -> m.contains("samples")));
  }
}
