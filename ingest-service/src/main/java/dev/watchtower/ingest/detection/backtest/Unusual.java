package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * An anomaly rule over the past: the stored golden signals go through the same watch as live ones.
 * As after a restart it first learns from what was stored before the time that is looked at. Only
 * services that the rule looks at count for each other here.
 *
 * @param golden the stored golden signals
 */
record Unusual(GoldenSignals golden) {
  private static final long CHUNK = 30 * 60_000;

  /**
   * @param windows the window of each service's rates, milliseconds
   * @param tick throws when it has taken too long
   */
  void run(
      Catalog.Rule rule,
      Detector detector,
      Firings firings,
      Map<ServiceKey, Long> windows,
      long from,
      long to,
      long step,
      Runnable tick) {
    FindingBox box = new FindingBox();
    AnomalyWatch watch =
        new AnomalyWatch(
            (service, window, first, last, every) -> {
              tick.run();
              return golden.history(service, window, first, last, every);
            },
            box);
    watch.follow(List.of(rule));
    long stride = Math.max(1, CHUNK / step) * step;
    for (long begin = from; begin <= to; begin += stride) {
      tick.run();
      for (SignalSnapshot snapshot :
          together(windows, begin, Math.min(to, begin + stride - step), step)) {
        watch.observe(snapshot);
        watch.learnNext();
        for (var found = box.poll(); found != null; found = box.poll()) {
          firings.take(detector.onFindings(found.rule(), found.findings()), snapshot.at());
        }
      }
    }
  }

  /** All services beside one another, as they were: services that are unusual at once count. */
  private List<SignalSnapshot> together(
      Map<ServiceKey, Long> windows, long from, long to, long step) {
    List<SignalSnapshot> all = new ArrayList<>();
    windows.forEach((key, own) -> {
      // The watch looks once in half a window, so a longer step is a longer window to it.
      long window = Math.max(own, 2 * step);
      for (GoldenSignals.Point point : golden.history(key, window, from, to, step)) {
        all.add(new SignalSnapshot(key, point.ts(), window, point.signals(), Map.of()));
      }
    });
    all.sort(Comparator.comparingLong(SignalSnapshot::at));
    return all;
  }
}
