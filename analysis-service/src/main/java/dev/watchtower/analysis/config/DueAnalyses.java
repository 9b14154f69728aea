package dev.watchtower.analysis.config;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Desk;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.Enduring;
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
 * database left behind. Requests themselves do not wait for it.
 */
@Component
class DueAnalyses implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DueAnalyses.class);

  private final Desk desk;
  private final Analyses analyses;
  private final LazyMigration database;
  private final long everyMillis;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("due-analyses").factory());
  private volatile boolean running;
  private boolean orphansReleased;

  DueAnalyses(Desk desk, Analyses analyses, LazyMigration database, AnalysisProperties properties) {
    this.desk = desk;
    this.analyses = analyses;
    this.database = database;
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
