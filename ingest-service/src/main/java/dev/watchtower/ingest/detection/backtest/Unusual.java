package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.List;
import java.util.Map;

/**
 * An anomaly rule over the past: the stored golden signals go through the same watch as live ones.
 * As after a restart it first learns from what was stored before the time that is looked at.
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
    windows.forEach((key, own) -> {
      FindingBox box = new FindingBox();
      AnomalyWatch watch =
          new AnomalyWatch(
              (service, window, first, last, every) -> {
                tick.run();
                return golden.history(service, window, first, last, every);
              },
              box);
      watch.follow(List.of(rule));
      // The watch looks once in half a window, so a longer step is a longer window to it.
      long window = Math.max(own, 2 * step);
      long stride = Math.max(1, CHUNK / step) * step;
      for (long begin = from; begin <= to; begin += stride) {
        tick.run();
        long end = Math.min(to, begin + stride - step);
        for (GoldenSignals.Point point : golden.history(key, window, begin, end, step)) {
          watch.observe(new SignalSnapshot(key, point.ts(), window, point.signals(), Map.of()));
          watch.learnNext();
          for (var found = box.poll(); found != null; found = box.poll()) {
            firings.take(detector.onFindings(found.rule(), found.findings()), point.ts());
          }
        }
      }
    });
  }
}
