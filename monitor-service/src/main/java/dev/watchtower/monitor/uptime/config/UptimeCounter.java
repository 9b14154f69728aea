package dev.watchtower.monitor.uptime.config;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.monitor.uptime.Condition;
import dev.watchtower.monitor.uptime.ConditionSource;
import dev.watchtower.monitor.uptime.Credit;
import dev.watchtower.monitor.uptime.UptimeHistory;
import dev.watchtower.monitor.uptime.UptimeLedger;
import dev.watchtower.monitor.uptime.UptimeStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks at every subject each 5 seconds and counts the time. While the store fails, what was
 * counted waits in memory for the next look.
 */
final class UptimeCounter implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(UptimeCounter.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration LONGEST_GAP = Duration.ofSeconds(30);
  private static final Duration KEEP_MINUTES = Duration.ofDays(14);

  /** How many credits may wait for a store that fails; the oldest go first, and that is logged. */
  private static final int MAX_WAITING = 50_000;

  private final List<ConditionSource> sources;
  private final UptimeStore store;
  private final UptimeHistory history;
  private final Clock clock;
  private final UptimeLedger ledger = new UptimeLedger(LONGEST_GAP);
  private final List<Credit> waiting = new ArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("uptime").factory());
  private @Nullable LocalDate cleanedOn;
  private volatile boolean running;

  UptimeCounter(
      List<ConditionSource> sources, UptimeStore store, UptimeHistory history, Clock clock) {
    this.sources = List.copyOf(sources);
    this.store = store;
    this.history = history;
    this.clock = clock;
  }

  /** One look. */
  private synchronized void look(Instant now) {
    var conditions = new HashMap<String, Condition>();
    sources.forEach(source -> conditions.putAll(source.conditions()));
    var credits = ledger.look(conditions, now);
    history.add(credits);
    waiting.addAll(credits);
    if (waiting.size() > MAX_WAITING) {
      LOG.atError().log("uptime of the oldest minutes is lost: the store has failed for too long");
      waiting.subList(0, waiting.size() - MAX_WAITING).clear();
    }
    store.add(waiting);
    waiting.clear();
    var today = UptimeHistory.dayOf(now);
    if (!today.equals(cleanedOn)) {
      store.forget(now.minus(KEEP_MINUTES), today.minusDays(UptimeHistory.DAYS));
      cleanedOn = today;
    }
  }

  private void lookSafely() {
    try {
      look(clock.instant());
    } catch (RuntimeException e) {
      // The next look must come: one failed write must not end the counting.
      LOG.atError().setCause(e).log("uptime could not be stored, trying again");
    }
  }

  @Override
  public void start() {
    running = true;
    var unused =
        thread.scheduleAtFixedRate(
            Enduring.task("uptime", this::lookSafely),
            1_000,
            EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    thread.shutdown();
    lookSafely();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
