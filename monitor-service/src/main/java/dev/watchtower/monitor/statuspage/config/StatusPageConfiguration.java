package dev.watchtower.monitor.statuspage.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.statuspage.ComponentChanges;
import dev.watchtower.monitor.statuspage.PublicHistory;
import dev.watchtower.monitor.statuspage.PublicIncidents;
import dev.watchtower.monitor.statuspage.StatusBoard;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Configuration(proxyBeanMethods = false)
class StatusPageConfiguration {
  @Bean
  PublicIncidents publicIncidents(
      PublicHistory history, CatalogSource catalog, LastKnown known, Clock clock) {
    var incidents = new PublicIncidents(history, catalog::current, clock.instant());
    known.onIncident(
        new LastKnown.Listener() {
          @Override
          public void changed(@Nullable IncidentView before, IncidentView after, Instant now) {
            incidents.take(after, now);
          }

          @Override
          public void forgotten(UUID id, Instant now) {
            incidents.close(id, now);
          }
        });
    // What was remembered but not told when the process ended.
    known.incidents().forEach(i -> incidents.take(i, clock.instant()));
    return incidents;
  }

  @Bean
  ComponentChanges componentChanges(ComponentChanges.Store store, CatalogSource catalog) {
    return new ComponentChanges(
        store,
        catalog.current().statusPage().components().stream()
            .map(Catalog.StatusPage.Component::name)
            .collect(Collectors.toSet()));
  }

  /** Writes what has changed, apart from the page, which waits for nothing. */
  @Component
  static class Upkeep {
    private final ComponentChanges changes;

    Upkeep(ComponentChanges changes) {
      this.changes = changes;
    }

    @Scheduled(fixedDelay = 1_000)
    void save() {
      changes.save();
    }
  }

  @Bean
  StatusBoard statusBoard(
      CatalogSource catalog,
      HealthBoard health,
      PublicIncidents incidents,
      UptimeHistory uptime,
      LastKnown known,
      ComponentChanges changes,
      Clock clock) {
    return new StatusBoard(catalog::current, health, incidents, uptime, known, changes, clock);
  }
}
