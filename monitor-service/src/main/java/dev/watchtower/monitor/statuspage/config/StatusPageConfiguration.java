package dev.watchtower.monitor.statuspage.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.statuspage.PublicHistory;
import dev.watchtower.monitor.statuspage.PublicIncidents;
import dev.watchtower.monitor.statuspage.StatusBoard;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
  StatusBoard statusBoard(
      CatalogSource catalog,
      HealthBoard health,
      PublicIncidents incidents,
      UptimeHistory uptime,
      LastKnown known,
      Clock clock) {
    return new StatusBoard(catalog::current, health, incidents, uptime, known, clock);
  }
}
