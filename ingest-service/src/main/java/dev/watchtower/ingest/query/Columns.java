package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The points of series, of which each instant yields one at most. For one thread. */
final class Columns {
  /** What a series takes beside its labels and points, as samples: its column, and its entry. */
  private static final int SAMPLES = 6;

  private final Budget budget;
  private final Map<Labels, Column> byLabels = new LinkedHashMap<>();
  private final LabelRow row = new LabelRow();
  private Column[] inRow = {};

  Columns(Budget budget) {
    this.budget = budget;
  }

  /**
   * Adds the values of an instant, which is after the last one.
   *
   * @throws QueryException if it is too much
   */
  void add(long time, List<Value.Sample> samples) {
    budget.charge(samples.size());
    int[] places = row.places(samples);
    if (places == null) {
      places = row.remember(samples);
      inRow =
          samples.stream()
              .map(sample -> byLabels.computeIfAbsent(sample.labels(), this::column))
              .toArray(Column[]::new);
    }
    for (int i = 0; i < samples.size(); i++) {
      inRow[places[i]].add(time, samples.get(i).value());
    }
  }

  private Column column(Labels labels) {
    budget.charge(SAMPLES);
    return new Column(labels);
  }

  /** All series, in the order in which they came; this has none of them any more. */
  List<Value.Points> drained() {
    inRow = new Column[0];
    List<Value.Points> series = new ArrayList<>(byLabels.size());
    for (Iterator<Column> left = byLabels.values().iterator(); left.hasNext(); ) {
      series.add(left.next().points());
      // Its copy is made: not all of them are held twice.
      left.remove();
    }
    return series;
  }
}
