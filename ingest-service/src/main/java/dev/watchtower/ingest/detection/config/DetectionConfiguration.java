package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.ingest.detection.AlertBoard;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleFaults;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.detection.change.config.ChangeWatch;
import dev.watchtower.ingest.detection.http.SignalDelivery;
import dev.watchtower.ingest.detection.jdbc.FiringSignals;
import dev.watchtower.ingest.detection.jdbc.HeardServices;
import dev.watchtower.ingest.detection.jdbc.HeardServicesWriter;
import dev.watchtower.ingest.detection.jdbc.RuleStateWriter;
import dev.watchtower.ingest.detection.jdbc.RuleStates;
import dev.watchtower.ingest.detection.jdbc.SignalWriter;
import dev.watchtower.ingest.detection.slo.OwnGaps;
import dev.watchtower.ingest.detection.slo.SloWatch;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.golden.SignalBoard;
import dev.watchtower.ingest.golden.SignalFeed;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.query.live.SeriesTopic;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.storage.IngestCounters;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.jdbc.FencedTransactions;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Queries, golden signals and detection. */
@Configuration(proxyBeanMethods = false)
class DetectionConfiguration {

  /** Everything else that detection does waits for one of its queries. */
  private static final Duration LONGEST_RULE = Duration.ofSeconds(1);

  private static final Duration SERVICES_SAVED_EVERY = Duration.ofMinutes(1);

  @Bean
  QueryEngine queryEngine(SeriesStore store) {
    return new QueryEngine(
        store, QueryLimits.ofHeap(Runtime.getRuntime().maxMemory()), System::nanoTime);
  }

  @Bean
  SharedQueries sharedQueries(QueryEngine engine) {
    return new SharedQueries(engine, System::nanoTime);
  }

  @Bean
  LiveDestinations liveDestinations() {
    return LiveDestinations.of(
        "/topic/metrics.{env}.{service}", "/topic/series", "/topic/detections");
  }

  @Bean
  SeriesTopic seriesTopic(QueryEngine engine, Clock clock) {
    return new SeriesTopic(engine, clock);
  }

  @Bean
  ServiceRegistry serviceRegistry() {
    return new ServiceRegistry();
  }

  @Bean
  CurrentGoldenSignals goldenSignals(QueryEngine engine, CatalogSource catalog) {
    return new CurrentGoldenSignals(
        new GoldenSignals(engine, new GoldenSources(catalog.current().goldenSignals())));
  }

  @Bean
  SignalBoard signalBoard() {
    return new SignalBoard();
  }

  @Bean
  FiringSignals firingSignals(JdbcClient jdbc, JsonMapper json) {
    return new FiringSignals(jdbc, json);
  }

  @Bean
  SignalDelivery signalDelivery(Peers peers) {
    return new SignalDelivery(peers);
  }

  @Bean
  SignalWriter signalWriter(
      FiringSignals firing,
      Outbox outbox,
      FencedTransactions transactions,
      LiveTopics live,
      MeterRegistry meters) {
    return new SignalWriter(firing, outbox, transactions, live, meters);
  }

  @Bean
  RuleStateWriter ruleStateWriter(
      JdbcClient jdbc,
      FencedTransactions transactions,
      JsonMapper json,
      SignalWriter signals,
      MeterRegistry meters) {
    return new RuleStateWriter(new RuleStates(jdbc, transactions, json), signals, meters);
  }

  @Bean
  HeardServicesWriter heardServicesWriter(
      JdbcClient jdbc, FencedTransactions transactions, JsonMapper json, ServiceRegistry registry) {
    return new HeardServicesWriter(
        new HeardServices(jdbc, transactions, json), registry, SERVICES_SAVED_EVERY);
  }

  @Bean
  AlertBoard alertBoard() {
    return new AlertBoard();
  }

  @Bean
  RuleFaults ruleFaults(DetectionLoop loop, ChangeWatch changes) {
    return () -> {
      List<String> faults = new ArrayList<>(loop.faults());
      faults.addAll(changes.faults());
      return faults;
    };
  }

  @Bean
  DetectionMemory detectionMemory(
      FiringSignals firing,
      RuleStateWriter states,
      HeardServicesWriter heard,
      Freshness freshness,
      LazyMigration migration,
      AlertBoard alerts) {
    return new DetectionMemory(firing, states, heard, freshness, migration, alerts);
  }

  @Bean
  FindingBox findingBox(MeterRegistry meters) {
    FindingBox box = new FindingBox();
    meters.gauge("watchtower.ingest.detection.findings.dropped", box, FindingBox::dropped);
    return box;
  }

  @Bean
  Listening listening(
      TimeSeriesStore store,
      PgFence fence,
      DataSource dataSource,
      IngestCounters counters,
      ServiceRegistry registry,
      Clock clock) {
    Listening.Doors doors =
        new Listening.Doors(
            () -> store.isTaking() && fence.isHeld(dataSource), counters::taken, counters::lost);
    return new Listening(doors, registry, clock::millis, System::nanoTime);
  }

  @Bean
  OwnGaps ownGaps(Listening listening) {
    return listening::hides;
  }

  @Bean
  DetectionLoop detectionLoop(
      QueryEngine engine,
      ServiceRegistry registry,
      CurrentGoldenSignals golden,
      SignalBoard board,
      LiveTopics live,
      DetectionMemory memory,
      SignalWriter writer,
      Clock clock,
      MeterRegistry meters,
      SloWatch slos,
      FindingBox found,
      AnomalyWatch anomalies,
      CatalogSource catalog,
      Listening listening) {
    SignalFeed feed = new SignalFeed(snapshot -> publish(live, snapshot));
    QueryEngine quick =
        engine.under(QueryLimits.ofWorker(LONGEST_RULE, Runtime.getRuntime().maxMemory()));
    DetectionLoop loop =
        new DetectionLoop(
            quick, registry, golden, board, feed, memory, writer, clock, meters, slos, found,
            anomalies, listening);
    loop.follow(catalog.current());
    catalog.onChange(loop::follow);
    return loop;
  }

  private static void publish(LiveTopics live, SignalSnapshot snapshot) {
    String env = snapshot.key().env();
    String service = snapshot.key().service();
    // With dots in names, two services may share a destination.
    live.publish(
        "/topic/metrics." + env + "." + service,
        snapshot.key(),
        seq -> new SignalsBatch(env, service, seq, snapshot.at(), snapshot.values()));
  }

  /** Up also with faults: what is not at fault works. */
  @Bean
  HealthIndicator detectionHealthIndicator(
      DetectionLoop loop, RuleFaults rules, SignalWriter writer, ServiceRegistry registry) {
    return () -> {
      List<String> faults = rules.faults();
      Health.Builder health =
          Health.up()
              .withDetail("deciding", loop.isReady())
              .withDetail("signalsWaitForDatabase", writer.isBehind())
              .withDetail("services", registry.all().size());
      if (!faults.isEmpty()) {
        health.withDetail("faults", faults);
      }
      return health.build();
    };
  }
}
