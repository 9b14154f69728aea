package dev.watchtower.incident.config;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.Enduring;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A thread that does what is due, at a steady pace and when it is kicked. What is due lies in the
 * database, so a failed run is simply made up for by the next one.
 */
public final class Ticker implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final String name;
  private final Duration pace;
  private final InstantSource clock;
  private final LazyMigration migration;
  private final Consumer<Instant> work;
  private final Semaphore kicks = new Semaphore(0);
  private volatile boolean running;
  private @Nullable Thread thread;

  /**
   * A ticker; it runs nothing before the schema is ready.
   *
   * @param work does what is due at the instant; called by one thread
   */
  public Ticker(
      String name,
      Duration pace,
      InstantSource clock,
      LazyMigration migration,
      Consumer<Instant> work) {
    this.name = name;
    this.pace = pace;
    this.clock = clock;
    this.migration = migration;
    this.work = work;
  }

  /** Makes the next run come at once. */
  public void kick() {
    if (kicks.availablePermits() == 0) {
      kicks.release();
    }
  }

  /** Makes the ticker's next run come right after the commit of the running transaction. */
  public static void kickAfterCommit(ObjectProvider<Ticker> ticker) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            ticker.ifAvailable(Ticker::kick);
          }
        });
  }

  @Override
  public synchronized void start() {
    if (!running) {
      running = true;
      thread = Thread.ofVirtual().name(name).start(Enduring.loop(name, this::run));
    }
  }

  private void run() {
    var failing = false;
    while (running) {
      try {
        // Either way it is time: a kick came, or the pace is up.
        boolean kicked = kicks.tryAcquire(pace.toNanos(), TimeUnit.NANOSECONDS);
        if (kicked) {
          kicks.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (!migration.isReady()) {
        continue;
      }
      try {
        work.accept(clock.instant());
        failing = false;
      } catch (RuntimeException e) {
        // The database may be away for long; one line for each outage is enough.
        if (!failing) {
          LOG.atWarn().addKeyValue("ticker", name).setCause(e).log("a run failed; trying on");
        }
        failing = true;
      }
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
