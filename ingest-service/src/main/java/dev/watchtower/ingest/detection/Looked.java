package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the query of a rule gave at one instant.
 *
 * @param found series in breach
 * @param holding series that are to go on firing if they do
 * @param values what is compared with the limit, of all series, in breach or not; empty where that
 *     was not asked for
 */
public record Looked(
    List<Value.Sample> found, List<Value.Sample> holding, List<Value.Sample> values) {
  public Looked {
    found = List.copyOf(found);
    holding = List.copyOf(holding);
    values = List.copyOf(values);
  }

  /** The values by their labels without those; of two with the same labels neither. */
  Map<Labels, Double> valuesByLabels(List<String> without) {
    Map<Labels, Double> byLabels = new HashMap<>();
    for (Value.Sample sample : values) {
      byLabels.merge(sample.labels().without(without), sample.value(), (_, _) -> Double.NaN);
    }
    byLabels.values().removeIf(value -> value.isNaN());
    return byLabels;
  }
}
