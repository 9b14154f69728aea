package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** The store of incidents; here, because the repository is nobody else's business. */
@Configuration(proxyBeanMethods = false)
class JpaConfiguration {
  @Bean
  Incidents incidents(IncidentRows rows, JdbcClient jdbc, JsonMapper json) {
    return new JpaIncidents(rows, jdbc, json);
  }

  @Bean
  Transactions transactions(PlatformTransactionManager manager) {
    return new SpringTransactions(manager);
  }
}
