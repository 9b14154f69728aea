package dev.watchtower.ingest.config;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/** Opens storage once the schema is there, and applies retention once an hour. */
final class StorageLifecycle implements SmartLifecycle {
  private final TimeSeriesStore store;
  private final LazyMigration migration;
  private final ObjectProvider<SampleListener> listeners;
  private final HourlyRun hourly;
  private final ScheduledExecutorService retention =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("retention").factory());
  private volatile boolean running;

  StorageLifecycle(
      TimeSeriesStore store,
      LazyMigration migration,
      ObjectProvider<SampleListener> listeners,
      HourlyRun hourly) {
    this.store = store;
    this.migration = migration;
    this.listeners = listeners;
    this.hourly = hourly;
  }

  @Override
  public void start() {
    running = true;
    listeners.orderedStream().forEach(store::listen);
    var opening = migration.migrated().thenRun(store::start);
    var unused =
        retention.scheduleWithFixedDelay(
            Enduring.task(
                "retention",
                () -> {
                  if (opening.isDone()) {
                    hourly.run();
                  }
                }),
            1,
            1,
            TimeUnit.MINUTES);
  }

  @Override
  public void stop() {
    running = false;
    retention.shutdownNow();
  }

  /** Before the doors open: no listener may miss what comes through them. */
  @Override
  public int getPhase() {
    return 1;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
