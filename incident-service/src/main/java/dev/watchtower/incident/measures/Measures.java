package dev.watchtower.incident.measures;

import dev.watchtower.common.wire.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the measures of the incidents that were opened in a stretch of time. Thread-safe. */
@FunctionalInterface
public interface Measures {
  /**
   * How long something took, over the incidents where it happened; null where it never did.
   *
   * @param count how many incidents it is taken over
   * @param mean in seconds
   * @param p50 the median, in seconds
   * @param p90 in seconds
   */
  record Time(long count, @Nullable Double mean, @Nullable Double p50, @Nullable Double p90) {}

  /**
   * The measures of the incidents of one service and severity; both null for all together.
   *
   * @param count how many were opened
   * @param unresolved how many of them last
   * @param dismissed how many of them were dismissed as false alarms
   * @param noiseRatio {@code dismissed / count}; null when there were none
   * @param timeToDetect from the first signal's event time to the opening; not for those declared
   *     by hand
   * @param timeToAcknowledge from the opening; not for those dismissed: how fast somebody sends a
   *     false alarm away says nothing of how fast help comes
   * @param timeToMitigate from the opening to the last mitigation; not for those dismissed
   * @param timeToResolve from the opening; not for those dismissed
   */
  record Line(
      @Nullable String service,
      @Nullable Severity severity,
      long count,
      long unresolved,
      long dismissed,
      @Nullable Double noiseRatio,
      Time timeToDetect,
      Time timeToAcknowledge,
      Time timeToMitigate,
      Time timeToResolve) {}

  /**
   * The measures, the line of all together first.
   *
   * @param from opened at this instant or later
   * @param to opened before this instant
   * @param service null for all
   * @param env null for all
   */
  List<Line> over(Instant from, Instant to, @Nullable String service, @Nullable String env);
}
