package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.series.SignsOfLife;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The no-data rule over the past. When a sample arrived is not stored, so its own time stands for
 * it.
 *
 * @param store the samples
 */
public record Silence(SeriesStore store) {
  private static final int MOST_SERIES = 2_000;
  private static final long MOST_SAMPLES = 2_000_000;
  private static final long CHUNK = 15 * 60_000;

  void run(
      Catalog.Rule rule,
      Detector detector,
      Firings firings,
      List<ServiceKey> services,
      long from,
      long to,
      long step,
      Runnable tick) {
    // What came before the time counts as heard: silence is measured from there.
    long before = from - rule.after().toMillis();
    for (ServiceKey key : services) {
      ServiceRegistry registry = new ServiceRegistry();
      for (long begin = before; begin <= to; begin += CHUNK) {
        tick.run();
        long end = Math.min(to, begin + CHUNK - 1);
        boolean[] heard = heard(key, begin, end, step);
        for (int i = 0; i < heard.length; i++) {
          long at = Math.min(end, begin + (i + 1) * step);
          if (heard[i]) {
            registry.recall(
                List.of(
                    new Freshness.LastSample(key.service(), key.env(), Instant.ofEpochMilli(at))),
                at);
          }
          if (at >= from) {
            firings.take(detector.onSilence(registry.all(), before, at), at);
          }
        }
      }
    }
  }

  /** For each step whether there is a sample in it that the service sent itself. */
  private boolean[] heard(ServiceKey key, long begin, long end, long step) {
    boolean[] heard = new boolean[(int) ((end - begin) / step) + 1];
    List<Series> series =
        store.select(
            List.of(
                new Matcher(Labels.SERVICE, Matcher.Op.EQ, key.service()),
                new Matcher(Labels.ENV, Matcher.Op.EQ, key.env())),
            Instant.ofEpochMilli(begin),
            Instant.ofEpochMilli(end),
            MOST_SERIES);
    List<Series> left = new ArrayList<>(series);
    left.removeIf(one -> !SignsOfLife.isOne(one.labels()));
    while (!left.isEmpty()) {
      List<Series> some = left.subList(0, Math.min(50, left.size()));
      for (Samples samples : store.read(some, begin, end, MOST_SAMPLES)) {
        for (int i = 0; i < samples.size(); i++) {
          if (!Samples.isStale(samples.value(i))) {
            heard[(int) ((samples.timestamp(i) - begin) / step)] = true;
          }
        }
      }
      some.clear();
      boolean all = true;
      for (boolean one : heard) {
        all &= one;
      }
      if (all) {
        break;
      }
    }
    return heard;
  }
}
