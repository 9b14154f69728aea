package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.query.QueryEngine;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The past of SLOs: read back after a start ({@link SloRecalls}), counted again where samples came
 * late, saved twice a minute. In the background, so that no decision waits for it.
 */
public final class SloHistory extends OwnThread {
  private static final Logger LOG = LoggerFactory.getLogger(SloHistory.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SloBoard board;
  private final SavedCounts saved;
  private final SloHours hours;
  private final SloRecalls recalls;
  private final LazyMigration migration;
  private final BooleanSupplier storageIsOpen;
  private final Pace pace;
  private final Failures failures = new Failures();

  /** By SLO: until then no late hour of it is counted, because one took too long. */
  private final Map<String, Long> restUntil = new HashMap<>();

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
   * @param kept how far back there may be any
   */
  public SloHistory(
      SloBoard board,
      SavedCounts saved,
      QueryEngine engine,
      LazyMigration migration,
      BooleanSupplier storageIsOpen,
      Supplier<KeptSamples> kept,
      Clock clock) {
    this(board, saved, engine, migration, storageIsOpen, kept, clock, Pace.USUAL);
  }

  SloHistory(
      SloBoard board,
      SavedCounts saved,
      QueryEngine engine,
      LazyMigration migration,
      BooleanSupplier storageIsOpen,
      Supplier<KeptSamples> kept,
      Clock clock,
      Pace pace) {
    super("slo-history", 150, End.ASKED);
    this.board = board;
    this.saved = saved;
    this.hours = new SloHours(saved, engine, clock);
    this.recalls = new SloRecalls(board, saved, hours, kept, clock, pace.nanos());
    this.migration = migration;
    this.storageIsOpen = storageIsOpen;
    this.pace = pace;
  }

  private long nanos() {
    return pace.nanos().getAsLong();
  }

  @Override
  protected void work() throws InterruptedException {
    long lastLook = nanos() - LOOK_NANOS;
    long lastSave = nanos();
    boolean busy = false;
    while (goesOnAfter(busy ? 0 : pace.lookMillis())) {
      busy = false;
      if (!migration.isReady() || !storageIsOpen.getAsBoolean()) {
        continue;
      }
      long now = nanos();
      if (now - lastLook >= LOOK_NANOS) {
        boolean save = now - lastSave >= SAVE_NANOS;
        tendAll(save);
        lastLook = now;
        lastSave = save ? now : lastSave;
      }
      Optional<SloTracker> next = recalls.next();
      next.ifPresent(tracker -> tried(tracker, () -> recalls.goOn(tracker)));
      busy = next.isPresent();
    }
  }

  private void tendAll(boolean save) {
    for (SloTracker tracker : board.all()) {
      // Before all is known, what was saved is more than what there is.
      if (board.isComplete(tracker)) {
        tried(
            tracker,
            () -> {
              countLate(tracker);
              if (save) {
                save(tracker);
              }
            });
      }
    }
    failures.keep(name -> board.find(name).isPresent());
    restUntil.keySet().removeIf(name -> board.find(name).isEmpty());
  }

  private void tried(SloTracker tracker, Runnable work) {
    String name = tracker.meter().slo().name();
    try {
      work.run();
      failures.worked(name);
    } catch (RuntimeException e) {
      // PostgreSQL or storage does not answer, or others hold the memory: again in a second.
      if (failures.failed(name, String.valueOf(e.getMessage()))) {
        LOG.atWarn()
            .addKeyValue("slo", name)
            .setCause(e)
            .log("the history of an SLO waits for storage");
      }
    }
  }

  /**
   * One at least, for about a second; then others have their turn. After one that takes too long it
   * rests.
   */
  private void countLate(SloTracker tracker) {
    String name = tracker.meter().slo().name();
    long begin = nanos();
    if (begin - restUntil.getOrDefault(name, begin) < 0) {
      return;
    }
    List<Long> late = tracker.lateHours();
    for (int i = 0; i < late.size(); i++) {
      List<Long> left = late.subList(i, late.size());
      if (!goesOn() || (i > 0 && nanos() - begin > LOOK_NANOS)) {
        tracker.stillLate(left);
        return;
      }
      try {
        if (!hours.count(tracker, late.get(i))) {
          tracker.stillLate(left);
          restUntil.put(name, nanos() + SAVE_NANOS);
          return;
        }
      } catch (RuntimeException | Error e) {
        tracker.stillLate(left);
        throw e;
      }
    }
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
