package dev.watchtower.incident.changes.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.changes.ChangeWatch;
import dev.watchtower.incident.changes.Changes;
import dev.watchtower.incident.changes.http.IngestChanges;
import dev.watchtower.incident.changes.jdbc.JdbcChanges;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class ChangeConfiguration {
  @Bean
  Changes changes(JdbcClient jdbc) {
    return new JdbcChanges(jdbc);
  }

  @Bean
  Ticker changeTicker(
      Changes changes,
      Peers peers,
      IncidentBook book,
      Transactions transactions,
      CatalogSource catalog,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker(
        "change-events",
        properties.changePoll(),
        clock,
        migration,
        new ChangeWatch(changes, new IngestChanges(peers), book, transactions, catalog::current)
            ::look);
  }

  /** An incident that opens is looked at without waiting for the next round. */
  @Bean
  IncidentListener changeListener(@Qualifier("changeTicker") ObjectProvider<Ticker> ticker) {
    return change -> {
      if (change.opened()) {
        Ticker.kickAfterCommit(ticker);
      }
    };
  }
}
