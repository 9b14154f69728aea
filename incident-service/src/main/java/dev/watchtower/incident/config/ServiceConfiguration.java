package dev.watchtower.incident.config;

import static dev.watchtower.common.security.Scope.ADMIN;
import static dev.watchtower.common.security.Scope.ANALYSIS_WRITE;
import static dev.watchtower.common.security.Scope.INGEST_WRITE;
import static dev.watchtower.common.security.Scope.READ;
import static dev.watchtower.common.security.Scope.RESPOND;
import static dev.watchtower.common.security.Scope.SIGNALS_WRITE;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.incident.jdbc.ClockSteps;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may call what, and how. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IncidentServiceProperties.class)
class ServiceConfiguration {
  private static final Duration CLOCK_PACE = Duration.ofSeconds(5);

  @Bean
  ClockSteps clockSteps(JdbcClient jdbc) {
    return new ClockSteps(jdbc);
  }

  @Bean
  Ticker clockTicker(ClockSteps steps, Clock clock, LazyMigration migration) {
    return new Ticker("clock", CLOCK_PACE, clock, migration, steps::look);
  }

  @Bean
  AccessRules accessRules() {
    return AccessRules.builder()
        .allow(HttpMethod.POST, "/api/v1/signals", SIGNALS_WRITE, INGEST_WRITE, RESPOND)
        .allow(HttpMethod.POST, "/api/v1/alertmanager", SIGNALS_WRITE, INGEST_WRITE, RESPOND)
        .allow(HttpMethod.POST, "/api/v1/incidents/*/analysis", ANALYSIS_WRITE)
        .allow(HttpMethod.POST, "/api/v1/incidents/**", RESPOND)
        .allow(HttpMethod.PUT, "/api/v1/incidents/**", RESPOND)
        .allow(HttpMethod.DELETE, "/api/v1/incidents/**", RESPOND)
        .allow(HttpMethod.PUT, "/api/v1/action-items/**", RESPOND)
        .allow(HttpMethod.POST, "/api/v1/remediations/**", RESPOND)
        .allow(HttpMethod.POST, "/api/v1/silences/**", RESPOND)
        .allow(HttpMethod.DELETE, "/api/v1/silences/**", RESPOND)
        .allow(HttpMethod.POST, "/api/v1/maintenance-windows/**", RESPOND)
        .allow(HttpMethod.DELETE, "/api/v1/maintenance-windows/**", RESPOND)
        .allow(HttpMethod.GET, "/api/v1/audit/**", ADMIN)
        .allow(HttpMethod.POST, "/api/v1/notifications/test", ADMIN)
        .allow(HttpMethod.POST, "/api/v1/notifications/**", RESPOND)
        .allow(HttpMethod.GET, "/api/v1/**", READ)
        .open("/api/v1/discord/interactions")
        .open("/ws/**")
        .build();
  }
}
