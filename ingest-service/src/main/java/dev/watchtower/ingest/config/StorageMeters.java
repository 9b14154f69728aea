package dev.watchtower.ingest.config;

import dev.watchtower.ingest.storage.Housekeeping;
import dev.watchtower.ingest.storage.IngestCounters;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.Retention;
import dev.watchtower.ingest.storage.Tier;
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
    FunctionCounter.builder(
            PREFIX + "samples.sealed.before", counters, IngestCounters::sealedBeforeSame)
        .description("Samples counted as stored that turned out to be in the archive already")
        .tag("outcome", "duplicate")
        .register(registry);
    FunctionCounter.builder(
            PREFIX + "samples.sealed.before", counters, IngestCounters::sealedBeforeOther)
        .description("Samples counted as stored that turned out to be in the archive already")
        .tag("outcome", Refusal.CONFLICT.text())
        .register(registry);
    FunctionCounter.builder(PREFIX + "requests.unreadable", counters, c -> c.unreadable())
        .description("Requests whose samples could not even be counted")
        .register(registry);
    for (var reason : RequestRefusedException.Reason.values()) {
      FunctionCounter.builder(PREFIX + "requests.refused", counters, c -> c.requestsRefused(reason))
          .description("Requests sent away before their samples could be counted")
          .tag("reason", reason.text())
          .register(registry);
    }
    FunctionCounter.builder(PREFIX + "totals.fallen", counters, IngestCounters::fallenTotals)
        .description("Totals of OTLP that fell without a restart: two processes write one series")
        .register(registry);
    FunctionCounter.builder(PREFIX + "damaged", counters, c -> c.damaged())
        .description("Requests, pages and blocks that could not be read from disk")
        .register(registry);
    FunctionCounter.builder(PREFIX + "samples.sealed", store, TimeSeriesStore::sealedSamples)
        .description("Samples written out as chunks")
        .register(registry);
    FunctionCounter.builder(PREFIX + "sealing.failures", store, TimeSeriesStore::sealingFailures)
        .description("Attempts to write out chunks that failed and were repeated")
        .register(registry);
    for (var tier : Tier.values()) {
      for (var reason : Retention.Reason.values()) {
        FunctionCounter.builder(
                PREFIX + "samples.dropped", store.housekeeping(), h -> h.dropped(tier, reason))
            .description("Samples, or buckets of roll-ups, dropped by the retention")
            .tag("tier", tier.text())
            .tag("reason", reason.text())
            .register(registry);
      }
    }
    for (var reason : Housekeeping.Removal.values()) {
      FunctionCounter.builder(
              PREFIX + "series.removed", store.housekeeping(), h -> h.seriesRemoved(reason))
          .description(
              "Series forgotten: empty of samples, never heard, or to make room for others")
          .tag("reason", reason.text())
          .register(registry);
    }
    Gauge.builder(PREFIX + "archive.size", store.housekeeping(), Housekeeping::bytes)
        .baseUnit("bytes")
        .description("Sealed samples and roll-ups on disk; looked at once an hour")
        .register(registry);
    FunctionCounter.builder(PREFIX + "listener.missed", store, TimeSeriesStore::missedByListeners)
        .description(
            "Samples that detection or live topics skipped: too slow, or storage was opened anew")
        .register(registry);
    Gauge.builder(PREFIX + "samples.unsealed", store, TimeSeriesStore::unsealedSamples)
        .description("Samples that only the log has durably")
        .register(registry);
    Gauge.builder(PREFIX + "series.quarantined", store, TimeSeriesStore::quarantinedSeries)
        .description("Rows of the table series that could not be used and wait for a repair")
        .register(registry);
    Gauge.builder(PREFIX + "series", store, TimeSeriesStore::seriesCount)
        .description("Series known")
        .register(registry);
  }
}
