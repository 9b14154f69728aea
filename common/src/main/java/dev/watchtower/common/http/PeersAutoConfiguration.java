package dev.watchtower.common.http;

import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.WatchtowerSecurityAutoConfiguration;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The clients for the other services. */
@AutoConfiguration(after = WatchtowerSecurityAutoConfiguration.class)
@ConditionalOnProperty("watchtower.service")
public class PeersAutoConfiguration {
  @Bean
  Peers peers(Environment environment, ServiceTokens tokens) {
    return new Peers(
        Binder.get(environment)
            .bind("watchtower.peers", Bindable.mapOf(String.class, String.class))
            .orElse(Map.of()),
        tokens);
  }
}
