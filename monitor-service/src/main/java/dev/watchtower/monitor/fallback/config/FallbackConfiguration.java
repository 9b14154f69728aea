package dev.watchtower.monitor.fallback.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.fallback.PlannedWork;
import dev.watchtower.monitor.fallback.SignalSender;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.Target;
import dev.watchtower.monitor.probe.TargetList;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FallbackConfiguration {
  @Bean
  OutageDesk outageDesk(
      Outages outages,
      SignalSender sender,
      DiscordDesk discord,
      HealthBoard board,
      TargetList targets,
      CatalogSource catalog,
      LastKnown known,
      Clock clock) {
    var desk =
        new OutageDesk(
            outages,
            sender,
            discord,
            UUID::randomUUID,
            () -> names(targets, catalog.current()),
            (outage, now) -> PlannedWork.covers(known.maintenance(), outage, now),
            clock);
    board.onResult(desk);
    catalog.onChange(changed -> desk.watchOnly(names(targets, changed), clock.instant()));
    return desk;
  }

  private static Set<String> names(TargetList targets, Catalog catalog) {
    return targets.with(catalog).stream().map(Target::name).collect(Collectors.toSet());
  }
}
