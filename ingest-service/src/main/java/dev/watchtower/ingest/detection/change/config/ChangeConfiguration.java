package dev.watchtower.ingest.detection.change.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.ServiceRegistry;
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
      FindingBox box,
      CatalogSource catalog,
      LazyMigration migration,
      Clock clock) {
    return new ChangeWatch(events, deployments, golden, box, catalog, migration, clock);
  }
}
