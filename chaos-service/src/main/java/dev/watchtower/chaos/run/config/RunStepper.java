package dev.watchtower.chaos.run.config;

import dev.watchtower.chaos.run.RunEngine;
import dev.watchtower.chaos.run.RunPolicy;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.lifecycle.Retention;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Moves the active runs on: each on a thread of its own, so that a silent target holds up nobody
 * else's renewal. Beside them the runs of before are taken over, and old ones removed.
 */
public final class RunStepper implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RunStepper.class);

  private final RunEngine engine;
  private final Retention retention;
  private final LazyMigration migration;
  private final Clock clock;
  private final Set<UUID> stepping = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();

  /** Why all runs of others are to end; null when they are not. */
  private final AtomicReference<@Nullable String> othersEnd = new AtomicReference<>();

  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("run-ticker").factory());
  private final ExecutorService steps = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean running;

  RunStepper(RunEngine engine, Retention retention, LazyMigration migration, Clock clock) {
    this.engine = engine;
    this.retention = retention;
    this.migration = migration;
    this.clock = clock;
  }

  /** Takes the run's next step now, beside the regular ones. */
  public void stepSoon(UUID id) {
    try {
      steps.execute(() -> step(id));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("stopping; leases end by themselves");
    }
  }

  /**
   * Ends the active runs that are not in progress here, those of another chaos-service on the same
   * database: within two seconds, or once the database answers again.
   */
  public void endOthers(String reason) {
    othersEnd.set(reason);
  }

  @Override
  public void start() {
    running = true;
    var unused =
        ticker.scheduleAtFixedRate(
            Enduring.task("run-ticker", this::tick),
            0,
            RunPolicy.RENEW.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void tick() {
    // On a thread of its own: while the database is silent the runs in progress are renewed on
    // time.
    if (migration.isReady() && looking.compareAndSet(false, true)) {
      try {
        steps.execute(this::lookIntoTheDatabase);
      } catch (RuntimeException | Error e) {
        looking.set(false);
        LOG.atWarn().setCause(e).log("the database is looked into at the next tick");
      }
    }
    for (var id : engine.ids()) {
      // A step that is still waiting for its target is not queued up behind.
      if (stepping.add(id)) {
        steps.execute(() -> {
          try {
            step(id);
          } finally {
            stepping.remove(id);
          }
        });
      }
    }
  }

  private void lookIntoTheDatabase() {
    try {
      engine.recover(clock.instant());
      var reason = othersEnd.get();
      if (reason != null) {
        engine.takeOverAll(reason, clock.instant());
        othersEnd.compareAndSet(reason, null);
      }
      int removed = retention.look(clock.instant());
      if (removed > 0) {
        LOG.atInfo().addKeyValue("runs", removed).log("removed what was kept for long enough");
      }
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("the runs in the database cannot be read yet");
    } finally {
      looking.set(false);
    }
  }

  private void step(UUID id) {
    try {
      engine.step(id, clock.instant());
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("run", id).setCause(e).log("a step of a run failed");
    }
  }

  /** Lets go of every fault in an orderly shutdown, within two seconds. */
  @Override
  public void stop() {
    running = false;
    ticker.shutdownNow();
    engine.endAll("chaos-service is stopping").forEach(this::stepSoon);
    steps.shutdown();
    try {
      if (!steps.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.atWarn().log("not every target confirmed; their leases end by themselves");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
