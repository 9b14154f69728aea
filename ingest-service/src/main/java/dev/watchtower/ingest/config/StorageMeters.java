package dev.watchtower.ingest.config;

import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What storage counts, as metrics. Always: received = stored + duplicate + the sum of refused over
 * its reasons.
 */
record StorageMeters(TimeSeriesStore store) implements MeterBinder {
  private static final String PREFIX = "watchtower.ingest.";

  @Override
  public void bindTo(MeterRegistry registry) {
    var counters = store.counters();
    FunctionCounter.builder(PREFIX + "samples.received", counters, c -> c.received())
        .description("Samples that came in")
        .register(registry);
    FunctionCounter.builder(PREFIX + "samples.stored", counters, c -> c.stored())
        .description("Samples stored durably")
        .register(registry);
    FunctionCounter.builder(PREFIX + "samples.duplicate", counters, c -> c.duplicate())
        .description("Samples that were stored already, with the same value")
        .register(registry);
    for (var reason : Refusal.values()) {
      FunctionCounter.builder(PREFIX + "samples.refused", counters, c -> c.refused(reason))
          .description("Samples not stored")
          .tag("reason", reason.text())
          .register(registry);
    }
    FunctionCounter.builder(PREFIX + "requests.unreadable", counters, c -> c.unreadable())
        .description("Requests whose samples could not even be counted")
        .register(registry);
    FunctionCounter.builder(PREFIX + "samples.sealed", store, TimeSeriesStore::sealedSamples)
        .description("Samples written out as chunks")
        .register(registry);
    FunctionCounter.builder(PREFIX + "sealing.failures", store, TimeSeriesStore::sealingFailures)
        .description("Attempts to write out chunks that failed and were repeated")
        .register(registry);
    FunctionCounter.builder(PREFIX + "listener.missed", store, TimeSeriesStore::missedByListeners)
        .description("Samples that detection or live topics skipped because they were too slow")
        .register(registry);
    Gauge.builder(PREFIX + "samples.unsealed", store, TimeSeriesStore::unsealedSamples)
        .description("Samples that only the log has durably")
        .register(registry);
    Gauge.builder(PREFIX + "series", store, TimeSeriesStore::seriesCount)
        .description("Series known")
        .register(registry);
  }
}
