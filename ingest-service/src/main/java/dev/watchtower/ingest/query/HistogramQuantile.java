package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code histogram_quantile} over classic buckets: series that differ only in {@code le}. */
final class HistogramQuantile {
  private static final List<String> BOUND = List.of("le");

  private HistogramQuantile() {}

  static Value.Vector apply(LabelMemo memo, double q, List<Value.Sample> samples) {
    Map<Labels, Buckets> histograms = new LinkedHashMap<>();
    for (Value.Sample sample : samples) {
      double bound = Numbers.parse(sample.labels().getOrEmpty("le"));
      if (!Double.isNaN(bound)) {
        Labels labels = memo.dropped(BOUND, memo.withoutName(sample.labels()));
        histograms.computeIfAbsent(labels, _ -> new Buckets()).add(bound, sample.value());
      }
    }
    List<Value.Sample> results = new ArrayList<>();
    histograms.forEach(
        (labels, buckets) -> results.add(new Value.Sample(labels, buckets.quantile(q))));
    return new Value.Vector(results);
  }
}
