package dev.watchtower.ingest.config;

import dev.watchtower.ingest.events.CloudEvents;
import dev.watchtower.ingest.events.GithubWebhook;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Change events. */
@Configuration(proxyBeanMethods = false)
class EventsConfiguration {
  @Bean
  CloudEvents cloudEvents(JsonMapper json) {
    return new CloudEvents(json);
  }

  @Bean
  GithubWebhook githubWebhook(JsonMapper json) {
    return new GithubWebhook(json);
  }
}
