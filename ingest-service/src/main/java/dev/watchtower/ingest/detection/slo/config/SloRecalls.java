package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloTracker;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the past of SLOs back: what was saved, and from the stored samples what was not, hour by
 * hour from the newest on. The next hour is always one of the SLO that has taken the least time so
 * far, so that the cheap ones are through while an expensive one has had its first hour. For one
 * thread.
 */
final class SloRecalls {
  private static final Logger LOG = LoggerFactory.getLogger(SloRecalls.class);
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  /** What is left of one SLO. */
  private static final class Recall {
    private final Deque<Long> hours = new ArrayDeque<>();
    private boolean loaded;
    private int saved;
    private long spent;
    private long restUntil;
  }

  private final SloBoard board;
  private final SavedCounts saved;
  private final SloHours hours;
  private final Supplier<KeptSamples> kept;
  private final Clock clock;
  private final LongSupplier nanos;

  /** By the tracker itself: one that takes its place begins anew. */
  private final Map<SloTracker, Recall> recalls = new HashMap<>();

  /**
   * @param kept how far back there may be any samples
   * @param nanos a clock for elapsed time
   */
  SloRecalls(
      SloBoard board,
      SavedCounts saved,
      SloHours hours,
      Supplier<KeptSamples> kept,
      Clock clock,
      LongSupplier nanos) {
    this.board = board;
    this.saved = saved;
    this.hours = hours;
    this.kept = kept;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** The SLO that is to go on; empty if none has anything left, or all that have rest. */
  Optional<SloTracker> next() {
    recalls.keySet().retainAll(board.all());
    long now = nanos.getAsLong();
    return board.all().stream()
        .filter(tracker -> !board.isComplete(tracker))
        .filter(tracker -> {
          Recall recall = recalls.get(tracker);
          return recall == null || now - recall.restUntil >= 0;
        })
        .min(
            Comparator.comparingLong(tracker -> {
              Recall recall = recalls.get(tracker);
              return recall == null ? 0 : recall.spent;
            }));
  }

  /**
   * Loads what was saved of an SLO, or counts its next hour; after the last it is complete.
   *
   * @throws RuntimeException if PostgreSQL or storage does not answer; then it rests a second and
   *     goes on where it was
   */
  void goOn(SloTracker tracker) {
    long begin = nanos.getAsLong();
    Recall recall = recalls.computeIfAbsent(tracker, _ -> new Recall());
    boolean done = false;
    try {
      if (!recall.loaded) {
        load(tracker, recall);
      } else if (!recall.hours.isEmpty()) {
        // Also if it took too long: it is among the late ones then.
        hours.count(tracker, recall.hours.getFirst());
        recall.hours.removeFirst();
      }
      done = true;
    } finally {
      long end = nanos.getAsLong();
      recall.spent += end - begin;
      recall.restUntil = done ? end : end + REST;
    }
    if (recall.hours.isEmpty()) {
      recalls.remove(tracker);
      board.complete(tracker);
      LOG.atInfo()
          .addKeyValue("slo", tracker.meter().slo().name())
          .addKeyValue("savedHours", recall.saved)
          .addKeyValue("millis", recall.spent / 1_000_000)
          .log("the history of an SLO is counted");
    }
  }

  private void load(SloTracker tracker, Recall recall) {
    long now = clock.millis();
    long current = Math.floorDiv(now, SloTracker.HOUR);
    long first = Math.floorDiv(now - tracker.meter().slo().period().toMillis(), SloTracker.HOUR);
    Map<Long, List<Counts>> known =
        saved.load(
            tracker.meter().slo().name(),
            tracker.meter().counting(),
            tracker.bucketsAnHour(),
            first,
            current);
    known.forEach(tracker::restore);
    // The last one may have been saved before it was over: the samples, where they are left, say
    // more.
    long newest = known.keySet().stream().mapToLong(h -> h).max().orElse(Long.MIN_VALUE);
    long oldest =
        Math.max(first, Math.floorDiv(now - kept.get().millis(tracker.meter()), SloTracker.HOUR));
    for (long hour = current; hour >= oldest; hour--) {
      if (!known.containsKey(hour) || hour >= newest) {
        recall.hours.addLast(hour);
      }
    }
    recall.saved = known.size();
    recall.loaded = true;
  }
}
