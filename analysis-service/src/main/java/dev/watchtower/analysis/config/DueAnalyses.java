package dev.watchtower.analysis.config;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Desk;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.lifecycle.Retention;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Asks the store now and then for what is due: second looks, and what a crash or an outage of the
 * database left behind. Requests themselves do not wait for it. What is long over is removed in
 * between.
 */
@Component
class DueAnalyses implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DueAnalyses.class);

  private final Desk desk;
  private final Analyses analyses;
  private final Retention retention;
  private final LazyMigration database;
  private final Clock clock;
  private final long everyMillis;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("due-analyses").factory());
  private volatile boolean running;
  private boolean orphansReleased;

  DueAnalyses(
      Desk desk,
      Analyses analyses,
      Retention retention,
      LazyMigration database,
      Clock clock,
      AnalysisProperties properties) {
    this.desk = desk;
    this.analyses = analyses;
    this.retention = retention;
    this.database = database;
    this.clock = clock;
    this.everyMillis = properties.sweepEvery().toMillis();
  }

  @Override
  public void start() {
    running = true;
    var unused =
        timer.scheduleWithFixedDelay(
            Enduring.task("due-analyses", this::sweep),
            everyMillis,
            everyMillis,
            TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    if (!database.isReady()) {
      return;
    }
    try {
      if (!orphansReleased) {
        analyses.releaseOrphans();
        orphansReleased = true;
      }
      desk.sweep();
      int removed = retention.look(clock.instant());
      if (removed > 0) {
        LOG.atInfo().addKeyValue("analyses", removed).log("removed what was kept for long enough");
      }
    } catch (DataAccessException | TransactionException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the store does not answer");
    }
  }

  @Override
  public void stop() {
    running = false;
    timer.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
