package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.common.wire.ChangeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where series and change events come from. Implementations are safe for several threads. */
public interface Telemetry {
  /**
   * The golden signals of a service over time, one series a signal; empty when there is none.
   *
   * @throws SourceException if the source does not answer
   */
  List<Series> goldenSignals(String service, String env, Instant from, Instant to, Duration step);

  /**
   * Further series of a service that tell causes apart (pools, pauses, calls to others); those that
   * the service does not have are left out.
   *
   * @throws SourceException if the source does not answer
   */
  List<Series> furtherSeries(String service, String env, Instant from, Instant to, Duration step);

  /**
   * How long calls take as seen from both ends.
   *
   * @throws SourceException if the source does not answer
   */
  Calls calls(String service, String env, Instant from, Instant to, Duration step);

  /**
   * How long the calls of a service take.
   *
   * @param waited what it waits for those that it calls, seconds, by the name of the host called
   * @param worked what it takes itself to answer those that call it; null if it does not tell
   */
  record Calls(Map<String, Series> waited, @Nullable Series worked) {
    /** Nothing is known. */
    public static final Calls NONE = new Calls(Map.of(), null);

    public Calls {
      waited = Map.copyOf(waited);
    }
  }

  /**
   * What was changed in the environment.
   *
   * @throws SourceException if the source does not answer
   */
  List<ChangeEvent> changes(String env, Instant from, Instant to);

  /**
   * The golden signals of the environment that are anomalous now, as the detectors have learnt them
   * over hours.
   *
   * @throws SourceException if the source does not answer
   */
  List<Anomaly> anomalies(String env);

  /**
   * A golden signal that is not like its own past.
   *
   * @param signal its name
   * @param value in the unit of the golden signal, as {@code expected} and {@code scale}
   * @param scale the usual distance between the two
   * @param surprise about minus the decimal logarithm of the chance that it is usual
   * @param since when the anomaly began
   */
  record Anomaly(
      String service,
      String signal,
      double value,
      double expected,
      double scale,
      double surprise,
      Instant since) {}
}
