package dev.watchtower.monitor.probe.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.monitor.probe.Damping;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.ObservedStates;
import dev.watchtower.monitor.probe.ProbeResult;
import dev.watchtower.monitor.probe.TargetList;
import dev.watchtower.monitor.probe.http.NetworkProber;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {
  private static final String UNWRITABLE = "monitor.db cannot be written";

  @Bean
  @SystemEdge("a span of time, not a time of day")
  HealthBoard healthBoard(ObservedStates store, ProbeProperties properties) {
    return new HealthBoard(store, properties.startGrace(), System::nanoTime);
  }

  /** Says in {@code /health} that the service's own file cannot be written. */
  @Bean
  HealthIndicator storeHealthIndicator(HealthBoard board) {
    return () ->
        board
            .unwritableSince()
            .map(since ->
                Health.down()
                    .withDetail("unwritableSince", since.toString())
                    .withDetail("reason", UNWRITABLE + ": see this service's log")
                    .build())
            .orElseGet(() -> Health.up().build());
  }

  @Bean
  TargetList targetList(Peers peers, ProbeProperties properties) {
    return new TargetList(
        List.of("ingest", "incident", "analysis", "chaos").stream()
            .collect(Collectors.toMap(Function.identity(), peers::url)),
        properties.dbUrl(),
        properties.interval(),
        properties.timeout(),
        new Damping(properties.downAfter(), properties.upAfter()));
  }

  @Bean
  ProbeRunner probeRunner(
      HealthBoard board,
      TargetList targets,
      CatalogSource catalog,
      Clock clock,
      RandomGenerator random,
      JsonMapper json) {
    var prober = new NetworkProber(json, () -> self(board));
    return new ProbeRunner(board, prober, targets, catalog, clock, random);
  }

  /** As the store's indicator says it. */
  private static ProbeResult self(HealthBoard board) {
    return board.unwritableSince().isPresent()
        ? new ProbeResult.Failed("store is DOWN: " + UNWRITABLE)
        : new ProbeResult.Answered(0);
  }
}
