package dev.watchtower.monitor.fallback.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.fallback.SignalSender;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.Target;
import dev.watchtower.monitor.probe.TargetList;
import java.time.Clock;
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
      Clock clock) {
    var desk = new OutageDesk(outages, sender, discord, UUID::randomUUID, clock);
    board.onResult(desk);
    catalog.onChange(changed ->
        desk.watchOnly(
            targets.with(changed).stream().map(Target::name).collect(Collectors.toSet()),
            clock.instant()));
    return desk;
  }
}
