package dev.watchtower.ingest.detection.change.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.SharedQueries;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Verdicts on deployments, and the rules on them. */
@Configuration(proxyBeanMethods = false)
class ChangeConfiguration {

  @Bean
  Deployments deployments(ServiceRegistry services) {
    return new Deployments(services);
  }

  @Bean
  ChangeWatch changeWatch(
      ChangeEvents events,
      Deployments deployments,
      CurrentGoldenSignals golden,
      QueryEngine engine,
      SharedQueries queries,
      FindingBox box,
      CatalogSource catalog,
      LazyMigration migration,
      Clock clock) {
    QueryEngine sharing = engine.sharing(queries.samples());
    return new ChangeWatch(
        events,
        deployments,
        golden,
        sharing,
        box,
        catalog::current,
        migration::isReady,
        clock,
        System::nanoTime);
  }
}
