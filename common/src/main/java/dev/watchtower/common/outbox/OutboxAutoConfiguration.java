package dev.watchtower.common.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The outbox, in services with a PostgreSQL; off with {@code watchtower.outbox.enabled=false}. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "dev.watchtower.common.time.TimeAutoConfiguration"
    })
@ConditionalOnProperty("watchtower.service")
@ConditionalOnClass({Driver.class, JdbcClient.class})
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnProperty(name = "watchtower.outbox.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutboxProperties.class)
public class OutboxAutoConfiguration {
  @Bean
  OutboxStore outboxStore(DataSource dataSource) {
    return new OutboxStore(JdbcClient.create(dataSource));
  }

  @Bean
  OutboxMeters outboxMeters(ObjectProvider<MeterRegistry> registry) {
    return new OutboxMeters(registry.getIfAvailable(SimpleMeterRegistry::new));
  }

  @Bean
  OutboxWorker outboxWorker(
      OutboxStore store,
      ObjectProvider<OutboxHandler> handlers,
      OutboxProperties properties,
      OutboxMeters meters,
      JsonMapper json,
      RandomGenerator random) {
    return new OutboxWorker(
        store,
        () -> handlers.orderedStream().toList(),
        properties,
        meters,
        new Delivery.Tools(json, random));
  }

  @Bean
  Outbox outbox(OutboxStore store, OutboxWorker worker, OutboxMeters meters, JsonMapper json) {
    return new Outbox(store, worker, meters, json);
  }
}
