package dev.watchtower.monitor.live.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
import dev.watchtower.monitor.live.Upstream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.stomp.StompSession;
import tools.jackson.databind.json.JsonMapper;

class UpstreamRelayIT extends RunningMonitor {
  @Autowired private LiveTopics topics;
  @Autowired private LastKnown known;
  @Autowired private PeerRefresh refresh;
  @Autowired private JsonMapper json;
  @Autowired private Clock clock;

  private final List<String> calls = new CopyOnWriteArrayList<>();

  /** A connection whose peer has gone before the first subscription, as Spring reports it. */
  private StompSession broken() {
    return (StompSession)
        Proxy.newProxyInstance(
            StompSession.class.getClassLoader(),
            new Class<?>[] {StompSession.class},
            (_, method, _) -> {
              calls.add(method.getName());
              throw new MessageDeliveryException("Connection closed");
            });
  }

  @Test
  void connectsAgainAfterAConnectionThatBrokeAtItsFirstSubscription() {
    var relay =
        new UpstreamRelay(
            Upstream.CHAOS,
            (_, _) -> broken(),
            new RelayedMessages(topics, known, refresh, json, clock),
            topics,
            clock);
    relay.start();
    try {
      soon()
          .untilAsserted(() ->
              assertThat(calls)
                  .startsWith("subscribe", "disconnect", "subscribe", "disconnect"));
    } finally {
      relay.stop();
    }
  }
}
