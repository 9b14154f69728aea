package dev.watchtower.ingest.config;

import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what is older than is kept: samples and roll-ups, and change events as long as the hours
 * that they explain. What fails is tried again at the next run.
 */
final class HourlyRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HourlyRun.class);

  private final TimeSeriesStore store;
  private final ChangeEvents events;
  private final Clock clock;

  HourlyRun(TimeSeriesStore store, ChangeEvents events, Clock clock) {
    this.store = store;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void run() {
    attempt("retention could not be applied", store::applyRetention);
    attempt("old change events could not be deleted", this::deleteEvents);
  }

  private void deleteEvents() {
    var deleted = events.deleteBefore(clock.instant().minus(store.settings().retention().hour()));
    if (deleted > 0) {
      LOG.atInfo().addKeyValue("events", deleted).log("old change events are deleted");
    }
  }

  private static void attempt(String fault, Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log(fault);
    }
  }
}
