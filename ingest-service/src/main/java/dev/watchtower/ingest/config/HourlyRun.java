package dev.watchtower.ingest.config;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what is older than is kept: samples and roll-ups, change events as long as the hours that
 * they explain, models of services that are gone as long as samples, and counts of SLOs as long as
 * any of them may look back. To be called each minute: what is left undone, as a part that somebody
 * reads just then, is tried again in the next minutes, and at the latest an hour later. For one
 * thread.
 */
final class HourlyRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(HourlyRun.class);
  private static final int MINUTES = 60;

  /** A backup takes longer, a query or a sealing does not. */
  private static final int MOST_AGAIN = 5;

  private final TimeSeriesStore store;
  private final ChangeEvents events;
  private final SavedModels models;
  private final SavedCounts counts;
  private int again;
  private int rest;

  HourlyRun(TimeSeriesStore store, ChangeEvents events, SavedModels models, SavedCounts counts) {
    this.store = store;
    this.events = events;
    this.models = models;
    this.counts = counts;
  }

  @Override
  public void run() {
    if (rest > 0) {
      rest--;
      return;
    }
    var done = attempt("retention could not be applied", store::applyRetention);
    done &= attempt("old change events could not be deleted", this::deleteEvents);
    done &= attempt("models of services that are gone could not be deleted", this::deleteModels);
    done &= attempt("old counts of SLOs could not be deleted", this::deleteCounts);
    again = done || again == MOST_AGAIN ? 0 : again + 1;
    rest = again == 0 ? MINUTES - 1 : 0;
  }

  private void deleteCounts() {
    var first = now().minus(Slo.LONGEST_PERIOD).toEpochMilli() / SloTracker.HOUR;
    var deleted = counts.deleteBefore(first);
    if (deleted > 0) {
      LOG.atInfo().addKeyValue("hours", deleted).log("old counts of SLOs are deleted");
    }
  }

  private void deleteModels() {
    var kept = store.settings().retention().raw();
    var deleted = models.clean(now().minus(kept).toEpochMilli());
    if (deleted > 0) {
      LOG.atInfo()
          .addKeyValue("services", deleted)
          .log("models of services that are gone are deleted");
    }
  }

  private void deleteEvents() {
    var deleted = events.deleteBefore(now().minus(store.settings().retention().hour()));
    if (deleted > 0) {
      LOG.atInfo().addKeyValue("events", deleted).log("old change events are deleted");
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(store.retentionMillis());
  }

  private static boolean attempt(String fault, Runnable part) {
    return attempt(
        fault,
        () -> {
          part.run();
          return true;
        });
  }

  private static boolean attempt(String fault, BooleanSupplier part) {
    try {
      return part.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log(fault);
      return false;
    }
  }
}
