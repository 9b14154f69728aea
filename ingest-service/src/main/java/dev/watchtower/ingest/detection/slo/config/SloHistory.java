package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The past of SLOs: read back after a start (what was saved, and from the stored samples what was
 * not), saved twice a minute. In the background, so that no decision waits for it.
 */
public final class SloHistory extends OwnThread {
  /** So often an hour is counted that has no answer in time. */
  private static final int ATTEMPTS = 3;

  private static final int MAX_ATTEMPTS_KNOWN = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(SloHistory.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SloBoard board;
  private final SavedCounts saved;
  private final QueryEngine engine;
  private final LazyMigration migration;
  private final BooleanSupplier storageIsOpen;
  private final LongSupplier retentionMillis;
  private final Clock clock;
  private final Pace pace;
  private final Failures failures = new Failures();

  /** How often an hour of an SLO had no answer, by name and number. */
  private final Map<String, Integer> attempts = new HashMap<>();

  /** Until then no hour is counted again that took too long. */
  private long restUntil;

  /**
   * What it goes by besides the clock.
   *
   * @param lookMillis so often it looks for something to do
   * @param nanos as System.nanoTime
   */
  record Pace(long lookMillis, LongSupplier nanos) {
    static final Pace USUAL = new Pace(LOOK_MILLIS, System::nanoTime);
  }

  /**
   * @param storageIsOpen whether samples can be read
   * @param retentionMillis how far back there may be any
   */
  public SloHistory(
      SloBoard board,
      SavedCounts saved,
      QueryEngine engine,
      LazyMigration migration,
      BooleanSupplier storageIsOpen,
      LongSupplier retentionMillis,
      Clock clock) {
    this(board, saved, engine, migration, storageIsOpen, retentionMillis, clock, Pace.USUAL);
  }

  SloHistory(
      SloBoard board,
      SavedCounts saved,
      QueryEngine engine,
      LazyMigration migration,
      BooleanSupplier storageIsOpen,
      LongSupplier retentionMillis,
      Clock clock,
      Pace pace) {
    super("slo-history", 150, End.ASKED);
    this.board = board;
    this.saved = saved;
    this.engine = engine;
    this.migration = migration;
    this.storageIsOpen = storageIsOpen;
    this.retentionMillis = retentionMillis;
    this.clock = clock;
    this.pace = pace;
    this.restUntil = nanos();
  }

  private long nanos() {
    return pace.nanos().getAsLong();
  }

  @Override
  protected void work() throws InterruptedException {
    long lastSave = nanos();
    while (goesOnAfter(pace.lookMillis())) {
      if (!migration.isReady() || !storageIsOpen.getAsBoolean()) {
        continue;
      }
      boolean save = nanos() - lastSave >= SAVE_NANOS;
      for (SloTracker tracker : board.all()) {
        tend(tracker, save);
      }
      failures.keep(name -> board.find(name).isPresent());
      lastSave = save ? nanos() : lastSave;
    }
  }

  private void tend(SloTracker tracker, boolean save) {
    try {
      if (!board.isComplete(tracker)) {
        recall(tracker);
        board.complete(tracker);
      }
      if (nanos() - restUntil >= 0) {
        countLate(tracker);
      }
      if (save) {
        save(tracker);
      }
      failures.worked(tracker.meter().slo().name());
    } catch (RuntimeException e) {
      // PostgreSQL or storage does not answer: again in a second.
      if (failures.failed(tracker.meter().slo().name(), String.valueOf(e.getMessage()))) {
        LOG.atWarn()
            .addKeyValue("slo", tracker.meter().slo().name())
            .setCause(e)
            .log("the history of an SLO waits for the database");
      }
    }
  }

  private void recall(SloTracker tracker) {
    long begin = nanos();
    long now = clock.millis();
    long current = Math.floorDiv(now, SloTracker.HOUR);
    long first = Math.floorDiv(now - tracker.meter().slo().period().toMillis(), SloTracker.HOUR);
    String name = tracker.meter().slo().name();
    Map<Long, List<Counts>> known =
        saved.load(name, tracker.meter().counting(), tracker.bucketsAnHour(), first);
    // The last one may have been saved before it was over.
    long newest = known.keySet().stream().mapToLong(h -> h).max().orElse(Long.MIN_VALUE);
    known.forEach((hour, counts) -> {
      if (hour < newest) {
        tracker.restore(hour, counts);
      }
    });
    long oldest =
        Math.max(first, Math.floorDiv(now - retentionMillis.getAsLong(), SloTracker.HOUR));
    for (long hour = current; hour >= oldest && goesOn(); hour--) {
      if (!known.containsKey(hour) || hour >= newest) {
        count(tracker, hour);
      }
    }
    LOG.atInfo()
        .addKeyValue("slo", name)
        .addKeyValue("savedHours", known.size())
        .addKeyValue("millis", (nanos() - begin) / 1_000_000)
        .log("the history of an SLO is counted");
  }

  /** Hours that cannot be counted now wait on, and with them those behind: for half a minute. */
  private void countLate(SloTracker tracker) {
    List<Long> hours = tracker.lateHours();
    for (int i = 0; i < hours.size(); i++) {
      if (!goesOn() || nanos() - restUntil < 0) {
        tracker.stillLate(hours.subList(i, hours.size()));
        return;
      }
      try {
        count(tracker, hours.get(i));
      } catch (RuntimeException | Error e) {
        tracker.stillLate(hours.subList(i, hours.size()));
        throw e;
      }
    }
  }

  private void count(SloTracker tracker, long hour) {
    String name = tracker.meter().slo().name();
    try {
      List<Counts> counts = tracker.recount(engine, hour, clock::millis);
      if (counts.stream().anyMatch(c -> c.total() > 0)) {
        saved.save(name, tracker.meter().counting(), Map.of(hour, counts));
      }
    } catch (QueryException | LimitExceededException e) {
      // There is no answer for that hour; the others count.
      boolean passes = e instanceof QueryException query && isPassing(query.kind(), name, hour);
      if (passes) {
        tracker.stillLate(List.of(hour));
        restUntil = nanos() + SAVE_NANOS;
      }
      LOG.atWarn()
          .addKeyValue("slo", name)
          .addKeyValue("hour", hour)
          .addKeyValue("again", passes)
          .setCause(e)
          .log("an hour of an SLO cannot be counted");
    }
  }

  /** A query that takes too long takes as long again, but for a machine that was busy. */
  private boolean mayTryAgain(String slo, long hour) {
    if (attempts.size() >= MAX_ATTEMPTS_KNOWN) {
      attempts.clear();
    }
    return attempts.merge(slo + '/' + hour, 1, Integer::sum) < ATTEMPTS;
  }

  /** Whether the same query may have an answer later: storage comes back, however long it takes. */
  private boolean isPassing(QueryException.Kind kind, String slo, long hour) {
    return kind == QueryException.Kind.UNAVAILABLE
        || (kind == QueryException.Kind.TIMEOUT && mayTryAgain(slo, hour));
  }

  private void save(SloTracker tracker) {
    List<Long> hours = tracker.unsavedHours();
    if (hours.isEmpty()) {
      return;
    }
    Map<Long, List<Counts>> counts = new HashMap<>();
    hours.forEach(hour -> counts.put(hour, tracker.hour(hour)));
    try {
      saved.save(tracker.meter().slo().name(), tracker.meter().counting(), counts);
    } catch (RuntimeException | Error e) {
      tracker.notSaved(hours);
      throw e;
    }
  }
}
