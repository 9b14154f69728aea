package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.DeviationDetector;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the series of a window show: what goes on, and what was over before. For one thread. */
final class Measurements {
  /** Enough to say that there was trouble before. */
  private static final int MOST_PAST = 10;

  private final DeviationDetector detector = new DeviationDetector();
  private final Window window;
  private final List<Deviation> measured = new ArrayList<>();
  private final List<Episode> past = new ArrayList<>();

  Measurements(Window window) {
    this.window = window;
  }

  void add(List<Series> series) {
    for (var one : series) {
      detector.measure(one, window).ifPresent(measured::add);
      detector.over(one, window).ifPresent(past::add);
    }
  }

  /** Whatever was measured, be it ever so little. */
  List<Deviation> all() {
    return measured;
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
