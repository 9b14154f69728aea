package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.ingest.detection.slo.SloMeter;
import java.time.Duration;

/**
 * How far back SLOs can be counted.
 *
 * @param samples how long samples are kept
 * @param minutes how long their roll-ups of a minute are
 */
public record KeptSamples(Duration samples, Duration minutes) {
  /** How far back there may be what this meter can count in, milliseconds. */
  long millis(SloMeter meter) {
    return meter.countsInMinutes() && minutes.compareTo(samples) > 0
        ? minutes.toMillis()
        : samples.toMillis();
  }
}
