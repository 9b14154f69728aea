package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.DeviationDetector;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the series of a window show: what goes on, and what was over before. For one thread. */
final class Measurements {
  /** Enough to say that there was trouble before. */
  private static final int MOST_PAST = 10;

  private final DeviationDetector detector = new DeviationDetector();
  private final Window window;
  private final List<Series> seen = new ArrayList<>();
  private final List<Deviation> measured = new ArrayList<>();
  private final List<Episode> past = new ArrayList<>();

  Measurements(Window window) {
    this.window = window;
  }

  void add(List<Series> series) {
    seen.addAll(series);
    for (var one : series) {
      detector.measure(one, window).ifPresent(measured::add);
      detector.over(one, window).ifPresent(past::add);
    }
  }

  /** Whatever was measured, be it ever so little. */
  List<Deviation> all() {
    return measured;
  }

  /** What is usual for the metric; null where too little of its quiet time was seen. */
  @Nullable Double usual(String service, String metric) {
    return seen.stream()
        .filter(s -> s.service().equals(service) && s.metric().equals(metric))
        .flatMap(s -> detector.usual(s, window).stream())
        .findFirst()
        .orElse(null);
  }

  /** Of that, what is more than chance. */
  List<Deviation> clear() {
    return measured.stream().filter(DeviationDetector::isClear).toList();
  }

  /** What was over before the incident showed. */
  List<Episode> past() {
    return past;
  }

  /** The most telling of it. */
  List<Episode> mostTellingPast() {
    return past.stream()
        .sorted(Comparator.comparingDouble((Episode e) -> e.deviation().weight()).reversed())
        .limit(MOST_PAST)
        .toList();
  }
}
