package dev.watchtower.ingest.detection.anomaly.config;

import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.anomaly.ModelKeeper;
import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.detection.anomaly.WaitingModel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what the keeper hands over, and at the end of the service, when detection has ended, as
 * much of the rest as {@link #END_NANOS} allows; what takes longer stays as it was saved last. What
 * cannot be saved is left to the service's next turn.
 */
final class ModelWriter extends OwnThread {
  private static final Logger LOG = LoggerFactory.getLogger(ModelWriter.class);
  private static final long LOOK_MILLIS = 200;

  /** Less than the end of the service waits. */
  private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private final ModelKeeper keeper;
  private final SavedModels saved;
  private final Counter unsaved;
  private boolean failing;

  ModelWriter(ModelKeeper keeper, SavedModels saved, MeterRegistry meters) {
    // It ends after detection.
    super("anomaly-models", 100, End.ASKED);
    this.keeper = keeper;
    this.saved = saved;
    unsaved = meters.counter("watchtower.ingest.anomalies.models.unsaved");
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOnAfter(LOOK_MILLIS)) {
      boolean more = true;
      while (more && goesOn()) {
        more = saveNext();
      }
    }
    saveRest();
  }

  private void saveRest() {
    long begin = System.nanoTime();
    int services = 0;
    while (System.nanoTime() - begin < END_NANOS && saveNext()) {
      services++;
    }
    LOG.atInfo()
        .addKeyValue("services", services)
        .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
        .log("models are saved");
  }

  /** Whether there was one to save, and it is saved. */
  private boolean saveNext() {
    Optional<WaitingModel> next = keeper.next();
    if (next.isEmpty()) {
      return false;
    }
    WaitingModel model = next.orElseThrow();
    try {
      saved.save(model.key(), model.at(), model.packed());
      failing = false;
      return true;
    } catch (RuntimeException e) {
      unsaved.increment();
      if (!failing) {
        LOG.atWarn().setCause(e).log("models cannot be saved, and are tried again later");
      }
      failing = true;
      return false;
    }
  }
}
