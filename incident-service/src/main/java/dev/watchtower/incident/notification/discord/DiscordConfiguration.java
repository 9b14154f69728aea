package dev.watchtower.incident.notification.discord;

import dev.watchtower.incident.notification.http.HttpSender;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DiscordConfiguration {
  @Bean
  DiscordTransport discordTransport(HttpSender http, JsonMapper json) {
    return new DiscordTransport(new DiscordWebhook(http, json));
  }
}
