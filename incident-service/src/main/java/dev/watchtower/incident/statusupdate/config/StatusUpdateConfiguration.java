package dev.watchtower.incident.statusupdate.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.incident.correlation.Groupings;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.statusupdate.StatusDesk;
import dev.watchtower.incident.statusupdate.StatusUpdates;
import dev.watchtower.incident.statusupdate.StatusWatch;
import dev.watchtower.incident.statusupdate.jdbc.JdbcStatusUpdates;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class StatusUpdateConfiguration {
  @Bean
  StatusUpdates statusUpdates(JdbcClient jdbc) {
    return new JdbcStatusUpdates(jdbc);
  }

  @Bean
  StatusWatch statusWatch(
      StatusUpdates updates,
      Groupings groupings,
      Incidents incidents,
      CatalogSource catalog,
      Clock clock) {
    return new StatusWatch(
        updates, id -> groupings.mergedInto(id).flatMap(incidents::find), catalog::current, clock);
  }

  @Bean
  StatusDesk statusDesk(IncidentBook book, StatusUpdates updates, Transactions transactions) {
    return new StatusDesk(book, updates, transactions);
  }
}
