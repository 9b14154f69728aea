package dev.watchtower.monitor.fallback.discord;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.monitor.fallback.Outages;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DiscordConfiguration {
  @Bean
  DiscordDesk discordDesk(
      DiscordQueue queue,
      Outages outages,
      CatalogSource catalog,
      JsonMapper json,
      @Value("${watchtower.public-url}") String publicUrl,
      Clock clock) {
    return new DiscordDesk(queue, outages, catalog, new DiscordWebhook(json), publicUrl, clock);
  }
}
