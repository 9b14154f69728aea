package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code histogram_quantile} over classic buckets: series that differ only in {@code le}. Those of
 * two metrics are two histograms, which is a fault where nothing but the name tells them apart.
 */
final class HistogramQuantile {
  private static final List<String> BOUND = List.of("le");

  private HistogramQuantile() {}

  static Value apply(LabelMemo memo, double q, List<Value.Sample> samples) {
    Map<Labels, Buckets> histograms = new LinkedHashMap<>();
    for (Value.Sample sample : samples) {
      double bound = Numbers.parse(sample.labels().getOrEmpty("le"));
      if (!Double.isNaN(bound)) {
        Labels labels = memo.dropped(BOUND, sample.labels());
        histograms.computeIfAbsent(labels, _ -> new Buckets()).add(bound, sample.value());
      }
    }
    List<Value.Sample> results = new ArrayList<>();
    histograms.forEach((labels, buckets) ->
        results.add(new Value.Sample(memo.withoutName(labels), buckets.quantile(q))));
    return Uniqueness.checked(results);
  }
}
