package dev.watchtower.ingest.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.json.JsonDoor;
import dev.watchtower.ingest.doors.otlp.OtlpDoor;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteCodec;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteDoor;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.storage.IngestCounters;
import dev.watchtower.ingest.storage.Limits;
import dev.watchtower.ingest.storage.Retention;
import dev.watchtower.ingest.storage.StorageSettings;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.jdbc.FencedTransactions;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.PlatformTransactionManager;

/** Storage and the doors to it. */
@Configuration(proxyBeanMethods = false)
class StorageConfiguration {
  /** Of the heap, for each series at most: its labels, its open chunk, its samples of a while. */
  private static final long BYTES_A_SERIES = 1200;

  @Bean
  StorageSettings storageSettings(
      CatalogSource catalog,
      @Value("${watchtower.ingest.seal-samples:8000000}") long sealSamples,
      @Value("${watchtower.ingest.seal-age:30m}") Duration sealAge,
      @Value("${watchtower.ingest.memory-window:20m}") Duration memoryWindow) {
    var ingest = catalog.current().ingest();
    var raw = ingest.retention();
    var minute = longer(raw, ingest.minuteRetention());
    return new StorageSettings(
        ingest.serviceLabels(),
        ingest.envLabels(),
        series(ingest.maxSeries()),
        ingest.maxNewSeriesPerMinute(),
        ingest.maxLabels(),
        ingest.maxLabelLength(),
        ingest.outOfOrderWindow(),
        new Retention(raw, minute, longer(minute, ingest.hourRetention()), ingest.maxDiskBytes()),
        sealSamples,
        sealAge,
        memoryWindow,
        StorageSettings.shareOfHeap());
  }

  /** As many as were asked for and there is memory for: running out of it would end the process. */
  private static int series(int wanted) {
    return (int) Math.min(wanted, Runtime.getRuntime().maxMemory() / BYTES_A_SERIES);
  }

  /** What is coarser is kept at least as long. */
  private static Duration longer(Duration finer, Duration coarser) {
    return finer.compareTo(coarser) > 0 ? finer : coarser;
  }

  @Bean
  PgFence fence() {
    return new PgFence();
  }

  @Bean
  FencedTransactions fencedTransactions(
      DataSource dataSource, PgFence fence, PlatformTransactionManager transactions) {
    return new FencedTransactions(dataSource, fence, transactions);
  }

  @Bean(destroyMethod = "close")
  TimeSeriesStore timeSeriesStore(
      DataSource dataSource,
      PgFence fence,
      StorageSettings settings,
      CatalogSource catalog,
      Clock clock) {
    var store =
        new TimeSeriesStore(
            new PgRequestLog(dataSource, fence),
            new PgChunkArchive(dataSource, fence),
            new RemoteWriteCodec(),
            settings,
            clock);
    catalog.onChange(fresh -> store.limits(limits(fresh.ingest())));
    return store;
  }

  private static Limits limits(Catalog.Ingest ingest) {
    return new Limits(
        series(ingest.maxSeries()),
        ingest.maxNewSeriesPerMinute(),
        ingest.maxLabels(),
        ingest.maxLabelLength());
  }

  @Bean
  StorageLifecycle storageLifecycle(
      TimeSeriesStore store,
      LazyMigration migration,
      ObjectProvider<SampleListener> listeners,
      ChangeEvents events,
      SavedModels models,
      SavedCounts counts) {
    return new StorageLifecycle(
        store, migration, listeners, new HourlyRun(store, events, models, counts));
  }

  /**
   * Opens storage while the rest of the service is still put together: after a crash the log is
   * played again on one processor core and the service starts on the other.
   */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  ServletContextInitializer storageOpensEarly(TimeSeriesStore store, LazyMigration migration) {
    return context -> {
      migration.start();
      var unused = migration.migrated().thenRun(store::start);
    };
  }

  @Bean
  SeriesStore seriesStore(TimeSeriesStore store) {
    return store.reader();
  }

  @Bean
  IngestCounters ingestCounters(TimeSeriesStore store) {
    return store.counters();
  }

  @Bean
  StorageMeters storageMeters(TimeSeriesStore store) {
    return new StorageMeters(store);
  }

  /**
   * Up when storage is open and stores what comes; whether PostgreSQL answers right now is said by
   * {@code db}.
   */
  @Bean
  HealthIndicator storageHealthIndicator(TimeSeriesStore store) {
    return () -> {
      var error = store.lastError();
      var health = store.isReady() && error.isEmpty() ? Health.up() : Health.down();
      error.ifPresent(reason -> health.withDetail("reason", reason));
      var damaged = store.counters().damaged();
      if (damaged > 0) {
        health.withDetail("damaged", damaged + " parts could not be read from disk, see the log");
      }
      if (store.quarantinedSeries() > 0) {
        health.withDetail(
            "quarantinedSeries",
            store.quarantinedSeries() + " wait for a repair in the table series_quarantine");
      }
      return health
          .withDetail("series", store.seriesCount())
          .withDetail("unsealedSamples", store.unsealedSamples())
          .build();
    };
  }

  @Bean
  BodyReader bodyReader(CatalogSource catalog) {
    return new BodyReader(
        () -> catalog.current().ingest().maxBodyBytes(), Runtime.getRuntime().maxMemory() / 3);
  }

  @Bean
  RemoteWriteDoor remoteWriteDoor(TimeSeriesStore store, BodyReader bodies) {
    return new RemoteWriteDoor(store, bodies::maxBytes);
  }

  @Bean
  JsonDoor jsonDoor(TimeSeriesStore store, Clock clock) {
    return new JsonDoor(store, clock);
  }

  @Bean
  OtlpDoor otlpDoor(TimeSeriesStore store, CatalogSource catalog) {
    return new OtlpDoor(store, catalog.current().ingest().otlpResourceLabels());
  }
}
