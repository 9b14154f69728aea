package dev.watchtower.monitor.uptime.config;

import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.uptime.Condition;
import dev.watchtower.monitor.uptime.ConditionSource;
import dev.watchtower.monitor.uptime.UptimeHistory;
import dev.watchtower.monitor.uptime.UptimeStore;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UptimeConfiguration {
  @Bean
  UptimeHistory uptimeHistory(UptimeStore store, Clock clock) {
    return new UptimeHistory(
        store.daysSince(UptimeHistory.dayOf(clock.instant()).minusDays(UptimeHistory.DAYS)));
  }

  @Bean
  ConditionSource probeConditions(HealthBoard health) {
    return () ->
        health.all().stream()
            .collect(
                Collectors.toMap(
                    view -> ConditionSource.PROBE + view.name(),
                    view ->
                        switch (view.state()) {
                          case UP -> Condition.UP;
                          case DOWN -> Condition.DOWN;
                          case UNKNOWN -> Condition.UNKNOWN;
                        }));
  }

  @Bean
  UptimeCounter uptimeCounter(
      List<ConditionSource> sources, UptimeStore store, UptimeHistory history, Clock clock) {
    return new UptimeCounter(sources, store, history, clock);
  }
}
