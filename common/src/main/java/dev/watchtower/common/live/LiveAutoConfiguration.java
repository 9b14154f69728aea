package dev.watchtower.common.live;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.security.RevocationSource;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.security.WatchtowerSecurityAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Live topics at {@code watchtower.live.path} (default {@code /ws}), for browsers on pages of this
 * host and of {@code watchtower.live.reached-at} (default none).
 */
@AutoConfiguration(after = WatchtowerSecurityAutoConfiguration.class)
@ConditionalOnProperty("watchtower.service")
@ConditionalOnClass({WebSocketHandler.class, EnableWebSocket.class})
@EnableWebSocket
public class LiveAutoConfiguration {
  @Bean
  LiveTopics liveTopics(JsonMapper json, Clock clock) {
    return new LiveTopics(json, clock);
  }

  /** A service that does not say which topics it has has none. */
  @Bean
  @ConditionalOnMissingBean
  LiveDestinations liveDestinations() {
    return LiveDestinations.of();
  }

  @Bean
  @ConditionalOnMissingBean
  LiveAuthenticator liveAuthenticator(TokenVerifier verifier, Clock clock) {
    return new TokenAuthenticator(verifier, clock);
  }

  @Bean
  LiveSocketHandler liveSocketHandler(
      LiveTopics topics,
      LiveDestinations destinations,
      LiveAuthenticator authenticator,
      ObjectProvider<LiveInterest> interests,
      RevocationSource revocations,
      JsonMapper json,
      MeterRegistry meters,
      Clock clock,
      @Value("${watchtower.live.connect-within:10s}") Duration connectWithin,
      @Value("${watchtower.live.silent:30s}") Duration silent) {
    var handler =
        new LiveSocketHandler(
            topics,
            destinations,
            authenticator,
            interests.orderedStream().toList(),
            revocations.revoked(),
            json,
            Executors.newVirtualThreadPerTaskExecutor(),
            new LiveSession.Patience(connectWithin.toMillis(), silent.toMillis()),
            clock);
    meters.gauge("watchtower.live.sessions", handler, LiveSocketHandler::sessionCount);
    meters.gauge("watchtower.live.waiting.bytes", handler, LiveSocketHandler::waitingBytes);
    return handler;
  }

  @Bean
  WebSocketConfigurer liveEndpoint(
      LiveSocketHandler handler,
      @Value("${watchtower.live.path:/ws}") String path,
      @Value("${watchtower.live.reached-at:}") String reachedAt) {
    // A browser is taken from a page of the address that it asks, and of the one that people know:
    // behind a proxy that ends TLS it is on https, and asks here on http. Other clients send no
    // Origin.
    var origins = PublicOrigin.of(reachedAt).stream().toArray(String[]::new);
    return registry ->
        registry
            .addHandler(handler, path)
            .addInterceptors(new LiveHandshake())
            .setAllowedOrigins(origins);
  }

  /**
   * How long Tomcat may wait for a slow reader before it breaks the connection, in milliseconds.
   */
  @Bean
  ServletContextInitializer liveSendLimit() {
    return (ServletContext context) ->
        context.setInitParameter("org.apache.tomcat.websocket.textBufferSize", "16384");
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService liveTender(LiveSocketHandler handler) {
    var tender =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-tender").factory());
    var unused =
        tender.scheduleWithFixedDelay(
            Enduring.task("live-tender", handler::tend), 2, 2, TimeUnit.SECONDS);
    return tender;
  }
}
