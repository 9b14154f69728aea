package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.slo.OwnGaps;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.jdbc.JdbcSavedCounts;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.jdbc.FencedTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SLOs: their counts, and the burn-rate rules on them. */
@Configuration(proxyBeanMethods = false)
class SloConfiguration {

  @Bean
  SloBoard sloBoard(ServiceRegistry services) {
    return new SloBoard(services);
  }

  @Bean
  SloLoop sloLoop(
      SloBoard board,
      QueryEngine engine,
      FindingBox box,
      OwnGaps gaps,
      Clock clock,
      MeterRegistry meters) {
    QueryLimits limits = QueryLimits.ofWorker(SloLoop.LONGEST, Runtime.getRuntime().maxMemory());
    return new SloLoop(board, engine.under(limits), box, gaps, clock, meters);
  }

  @Bean
  SavedCounts savedCounts(JdbcClient jdbc, FencedTransactions transactions) {
    return new JdbcSavedCounts(jdbc, transactions);
  }

  @Bean
  SloHistory sloHistory(
      SloBoard board,
      SavedCounts saved,
      QueryEngine engine,
      SharedQueries queries,
      LazyMigration migration,
      TimeSeriesStore storage,
      CatalogSource catalog,
      Clock clock) {
    return new SloHistory(
        board,
        saved,
        engine.sharing(queries.samples()),
        migration,
        storage::isReady,
        () -> {
          Catalog.Ingest ingest = catalog.current().ingest();
          return new KeptSamples(ingest.retention(), ingest.minuteRetention());
        },
        clock);
  }
}
