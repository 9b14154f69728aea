package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.common.wire.ChangeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
   * What was changed in the environment.
   *
   * @throws SourceException if the source does not answer
   */
  List<ChangeEvent> changes(String env, Instant from, Instant to);
}
