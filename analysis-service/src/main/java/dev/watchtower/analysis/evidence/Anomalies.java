package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.evidence.Telemetry.Anomaly;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.ranking.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the detectors of ingest-service found unusual, beside what is measured here. They know hours
 * and days of each golden signal, which the quarter of an hour before an incident does not show:
 * that it is always busy at this time, or that it never was.
 */
final class Anomalies {
  /** An anomaly that began longer before the trouble is another story. */
  private static final Duration BEFORE = Duration.ofMinutes(10);

  /** An anomaly began with trouble if not longer before: the detectors may see it sooner. */
  private static final Duration SAME = Duration.ofMinutes(1);

  private Anomalies() {}

  /**
   * The anomalies that go on, as deviations; without those of a kind that was measured on the
   * service already, since that tells more: also that the trouble an anomaly began with is over.
   */
  static List<Deviation> added(
      List<Anomaly> anomalies, Set<String> services, Window window, Measurements measured) {
    var added = new ArrayList<Deviation>();
    var clear = measured.clear();
    for (var anomaly : anomalies) {
      var type = SignalType.of(anomaly.signal());
      boolean known =
          clear.stream().anyMatch(d -> d.service().equals(anomaly.service()) && d.type() == type)
              || measured.past().stream().anyMatch(e -> isOver(anomaly, e));
      if (services.contains(anomaly.service())
          && !known
          && anomaly.since().isAfter(window.suspectFrom().minus(BEFORE))
          && !anomaly.since().isAfter(window.to())) {
        var deviation = deviation(anomaly, type);
        // Fewer errors than usual are unusual too, and say nothing.
        if (deviation.weight() > 0) {
          added.add(deviation);
        }
      }
    }
    return added;
  }

  /** The detectors let an anomaly go on for a while after its trouble. */
  private static boolean isOver(Anomaly anomaly, Episode past) {
    var episode = past.deviation();
    return episode.service().equals(anomaly.service())
        && episode.metric().equals(anomaly.signal())
        && !anomaly.since().isBefore(episode.onset().minus(SAME))
        && anomaly.since().isBefore(past.ended());
  }

  private static Deviation deviation(Anomaly anomaly, SignalType type) {
    double scale = Math.max(1e-9, anomaly.scale());
    double away = anomaly.value() - anomaly.expected();
    return new Deviation(
        anomaly.service(),
        anomaly.signal(),
        type,
        away >= 0,
        anomaly.expected(),
        scale,
        anomaly.value(),
        Math.abs(away) / scale,
        // Theirs is a decimal logarithm.
        anomaly.surprise() * Math.log(10),
        1,
        anomaly.since(),
        null);
  }
}
