package dev.watchtower.monitor.live.stomp;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
import dev.watchtower.monitor.live.Upstream;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.statuspage.StatusBoard;
import jakarta.websocket.ContainerProvider;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
  private static final int MAX_MESSAGE = 1024 * 1024;
  private static final long CONNECT_SECONDS = 5;

  @Bean(destroyMethod = "stop")
  WebSocketStompClient upstreamClient() {
    var container = ContainerProvider.getWebSocketContainer();
    container.setDefaultMaxTextMessageBufferSize(MAX_MESSAGE);
    var client = new AttentiveClient(new StandardWebSocketClient(container));
    client.setInboundMessageSizeLimit(MAX_MESSAGE);
    client.setReceiptTimeLimit(TimeUnit.SECONDS.toMillis(CONNECT_SECONDS));
    var beats = new SimpleAsyncTaskScheduler();
    beats.setVirtualThreads(true);
    client.setTaskScheduler(beats);
    return client;
  }

  @Bean
  LiveDestinations liveDestinations() {
    return Upstream.RELAYED;
  }

  @Bean
  UpstreamRelay.Connector upstreamConnector(
      WebSocketStompClient client, Peers peers, ServiceTokens tokens) {
    return (upstream, handler) -> {
      var headers = new StompHeaders();
      headers.set("Authorization", "Bearer " + tokens.tokenFor(upstream.peer()));
      var uri = URI.create(peers.url(upstream.peer()).replaceFirst("^http", "ws") + "/ws");
      var connecting = client.connectAsync(uri, new WebSocketHttpHeaders(), headers, handler);
      try {
        return connecting.get(CONNECT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException | InterruptedException e) {
        // Should it come about after all, nobody would listen to it.
        var unused = connecting.thenAccept(StompSession::disconnect);
        throw e;
      }
    };
  }

  @Bean
  LiveRelay liveRelay(
      UpstreamRelay.Connector connector,
      LiveTopics topics,
      LastKnown known,
      PeerRefresh refresh,
      JsonMapper json,
      Clock clock) {
    return new LiveRelay(
        connector, new RelayedMessages(topics, known, refresh, json, clock), topics, clock);
  }

  @Bean
  SeriesRelay seriesRelay(UpstreamRelay.Connector connector, JsonMapper json) {
    return new SeriesRelay(connector, json);
  }

  @Bean
  HealthTopic healthTopic(
      HealthBoard board,
      LiveRelay relay,
      StatusBoard status,
      DiscordDesk discord,
      CatalogSource catalog,
      LiveTopics topics,
      Clock clock) {
    return new HealthTopic(board, relay, status, discord, catalog, topics, clock);
  }
}
