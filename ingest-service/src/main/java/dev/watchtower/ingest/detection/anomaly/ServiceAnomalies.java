package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How unusual a service and its golden signals are.
 *
 * @param at event time, milliseconds since the epoch
 * @param from the start of the window of the values, milliseconds since the epoch
 * @param score of the service as a whole, 0 to 1
 * @param others how the other services of its environment are
 * @param shared the others when so many of them were unusual, during an anomaly that goes on, that
 *     it is no coincidence; null if they were not
 * @param signals those with a value, in the catalog's order
 */
public record ServiceAnomalies(
    ServiceKey key,
    long at,
    long from,
    double score,
    Others others,
    @Nullable Others shared,
    List<SignalAnomaly> signals) {
  public ServiceAnomalies {
    signals = List.copyOf(signals);
  }

  /**
   * One golden signal.
   *
   * @param value null where there is none now
   * @param expected what was expected; null before enough was seen
   * @param scale the usual distance from it
   * @param score 0 to 1, of this value
   * @param surprise the score before any rest
   * @param since since when it is anomalous, milliseconds since the epoch; null while it is not
   * @param peak the highest score of the anomaly
   * @param ready whether enough was seen to tell
   */
  public record SignalAnomaly(
      String signal,
      @Nullable Double value,
      @Nullable Double expected,
      double scale,
      double score,
      double surprise,
      @Nullable Long since,
      double peak,
      boolean ready,
      String query) {}

  /** The signal of that name. */
  public Optional<SignalAnomaly> signal(String name) {
    return signals.stream().filter(s -> s.signal().equals(name)).findFirst();
  }

  /** The signals that are anomalous with at least that score. */
  public List<SignalAnomaly> anomalous(double score) {
    return signals.stream().filter(s -> s.since() != null && s.peak() >= score).toList();
  }
}
