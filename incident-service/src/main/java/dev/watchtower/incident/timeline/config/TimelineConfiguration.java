package dev.watchtower.incident.timeline.config;

import dev.watchtower.incident.timeline.Timeline;
import dev.watchtower.incident.timeline.jdbc.JdbcTimeline;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class TimelineConfiguration {
  @Bean
  Timeline timeline(JdbcClient jdbc, JsonMapper json) {
    return new JdbcTimeline(jdbc, json);
  }
}
