package dev.watchtower.monitor.live.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.LiveClient;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
import dev.watchtower.monitor.live.Upstream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import tools.jackson.databind.json.JsonMapper;

class UpstreamRelayIT extends RunningMonitor {
  @Autowired private LiveTopics topics;
  @Autowired private LastKnown known;
  @Autowired private PeerRefresh refresh;
  @Autowired private JsonMapper json;
  @Autowired private Clock clock;
  @Autowired private JdbcClient db;
  @Autowired private WebSocketStompClient client;

  private final List<String> calls = new CopyOnWriteArrayList<>();

  @AfterEach
  void incidentServiceIsHeardAgain() {
    INCIDENT_STATE.listStatus = 200;
    known.connected("incident", clock.instant());
  }

  private static StompSession session(InvocationHandler handler) {
    return (StompSession)
        Proxy.newProxyInstance(
            StompSession.class.getClassLoader(), new Class<?>[] {StompSession.class}, handler);
  }

  private UpstreamRelay relay(Upstream upstream, UpstreamRelay.Connector connector) {
    var messages = new RelayedMessages(topics, known, refresh, json, clock);
    return new UpstreamRelay(upstream, connector, messages, topics, clock);
  }

  @Test
  void connectsAgainAfterAConnectionThatBrokeAtItsFirstSubscription() {
    var relay =
        relay(
            Upstream.CHAOS,
            (_, _) ->
                session((_, method, _) -> {
                  calls.add(method.getName());
                  // As Spring reports a peer that has gone since it said CONNECTED.
                  throw new MessageDeliveryException("Connection closed");
                }));
    relay.start();
    try {
      soon()
          .untilAsserted(() ->
              assertThat(calls).startsWith("subscribe", "disconnect", "subscribe", "disconnect"));
    } finally {
      relay.stop();
    }
  }

  /** Counts the frames of a connection. */
  private static final class Ear extends StompSessionHandlerAdapter
      implements AttentiveClient.Listener {
    private final AtomicInteger frames = new AtomicInteger();

    @Override
    public void heard() {
      frames.incrementAndGet();
    }
  }

  @Test
  void hearsEveryFrameOfAConnectionHeartBeatsToo() throws Exception {
    var ear = new Ear();
    var headers = new StompHeaders();
    headers.set("Authorization", "Bearer " + KEYS.machine("ear", Scope.READ));
    var session =
        client
            .connectAsync(
                URI.create("ws://127.0.0.1:" + INCIDENT.port() + "/ws"),
                new WebSocketHttpHeaders(),
                headers,
                ear)
            .get(5, TimeUnit.SECONDS);
    assertThat(ear.frames).as("CONNECTED").hasValue(1);
    soon().atMost(Duration.ofSeconds(20)).until(() -> ear.frames.get() > 1);
    session.disconnect();
  }

  @Test
  void tellsListenersToAskAgainOnceTheCopyIsTrueAndOnlyThenThatItIsHeard() {
    soon().until(() -> !known.freshness("incident", clock.instant()).stale());
    var client =
        new LiveClient(base(), "Authorization", "Bearer " + KEYS.machine("wall", Scope.READ));
    var one = "/topic/incidents." + new UUID(9, 1);
    client.subscribe(1, "/topic/incidents");
    client.subscribe(2, "/topic/health");
    client.subscribe(3, one);
    soon().until(() -> client.has("receipt-id:3"));
    INCIDENT_STATE.listStatus = 503;
    int listed = INCIDENT_STATE.listed.get();
    var down = new AtomicBoolean(true);
    var relay =
        relay(
            Upstream.INCIDENT,
            (_, _) -> {
              if (down.get()) {
                throw new ExecutionException(new IllegalStateException("refused"));
              }
              return session((_, _, _) -> null);
            });
    relay.want(one);
    relay.start();
    try {
      soon().until(() -> client.has("\"interrupted\":true"));
      down.set(false);
      soon().until(() -> INCIDENT_STATE.listed.get() > listed);
      assertThat(client.frames())
          .as("connected, but what is known is still old")
          .noneMatch(f -> f.contains("\"interrupted\":false") || f.contains("\"reset\":true"));

      INCIDENT_STATE.listStatus = 200;
      soon().until(() -> client.has("\"interrupted\":false"));
      assertThat(known.freshness("incident", clock.instant()).stale()).isFalse();
      soon()
          .untilAsserted(() ->
              assertThat(client.frames())
                  .anyMatch(f -> f.contains("destination:" + one) && f.contains("\"reset\":true"))
                  .anyMatch(f ->
                      f.contains("destination:/topic/incidents\n")
                          && f.contains("\"reset\":true")));
    } finally {
      relay.stop();
    }
  }

  @Test
  void readsAgainWhenTheStoreCouldNotTakeWhatWasRead() {
    soon().until(() -> known.isConnected("incident"));
    known.lost("incident", clock.instant());
    db.sql(
            """
            create trigger full before insert on last_known when new.kind = 'maintenance'
            begin select raise(abort, 'disk is full'); end
            """)
        .update();
    INCIDENT_STATE.windows.add(
        Map.of(
            "id",
            UUID.randomUUID().toString(),
            "matchers",
            Map.of("services", List.of("nothing-of-ours")),
            "startsAt",
            "2100-01-01T20:00:00Z",
            "endsAt",
            "2100-01-01T22:00:00Z"));
    var relay = relay(Upstream.INCIDENT, (_, _) -> session((_, _, _) -> null));
    relay.start();
    try {
      soon().until(() -> known.isConnected("incident"));
    } finally {
      relay.stop();
      INCIDENT_STATE.windows.clear();
      db.sql("drop trigger full").update();
    }
  }
}
