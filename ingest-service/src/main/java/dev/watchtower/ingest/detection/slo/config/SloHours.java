package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts past hours of SLOs from the stored samples, and saves them. For one thread. */
final class SloHours {
  /** So often an hour is counted that has no answer in time. */
  private static final int ATTEMPTS = 3;

  private static final int MAX_ATTEMPTS_KNOWN = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(SloHours.class);

  private final SavedCounts saved;
  private final QueryEngine engine;
  private final Clock clock;

  /** How often an hour of an SLO had no answer, by name and number. */
  private final Map<String, Integer> attempts = new HashMap<>();

  SloHours(SavedCounts saved, QueryEngine engine, Clock clock) {
    this.saved = saved;
    this.engine = engine;
    this.clock = clock;
  }

  /**
   * Counts an hour.
   *
   * @param hour its number since the epoch
   * @return false if that took too long, and it is among the late ones, to be counted again
   * @throws RuntimeException if storage or PostgreSQL does not answer, or others hold the memory
   */
  boolean count(SloTracker tracker, long hour) {
    String name = tracker.meter().slo().name();
    try {
      List<Counts> counts = tracker.recount(engine, hour, clock::millis);
      if (counts.stream().anyMatch(c -> c.total() > 0)) {
        saved.save(name, tracker.meter().counting(), Map.of(hour, counts));
      }
      return true;
    } catch (QueryException | LimitExceededException e) {
      QueryException.Kind kind = e instanceof QueryException query ? query.kind() : null;
      if (kind == QueryException.Kind.UNAVAILABLE) {
        // However long it takes.
        throw e;
      }
      // There is no answer for that hour; the others count.
      boolean again = kind == QueryException.Kind.TIMEOUT && mayTryAgain(name, hour);
      LOG.atWarn()
          .addKeyValue("slo", name)
          .addKeyValue("hour", hour)
          .addKeyValue("again", again)
          .setCause(e)
          .log("an hour of an SLO cannot be counted");
      if (again) {
        tracker.stillLate(List.of(hour));
      }
      return !again;
    }
  }

  /** A query that takes too long takes as long again, but for a machine that was busy. */
  private boolean mayTryAgain(String slo, long hour) {
    if (attempts.size() >= MAX_ATTEMPTS_KNOWN) {
      attempts.clear();
    }
    return attempts.merge(slo + '/' + hour, 1, Integer::sum) < ATTEMPTS;
  }
}
