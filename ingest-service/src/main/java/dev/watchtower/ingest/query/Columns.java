package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The points of series, of which each instant yields one at most. For one thread. */
final class Columns {
  private final Map<Labels, Column> byLabels = new LinkedHashMap<>();
  private final LabelRow row = new LabelRow();
  private Column[] inRow = {};

  /** Adds the values of an instant, which is after the last one. */
  void add(long time, List<Value.Sample> samples) {
    int[] places = row.places(samples);
    if (places == null) {
      places = row.remember(samples);
      inRow =
          samples.stream()
              .map(sample -> byLabels.computeIfAbsent(sample.labels(), Column::new))
              .toArray(Column[]::new);
    }
    for (int i = 0; i < samples.size(); i++) {
      inRow[places[i]].add(time, samples.get(i).value());
    }
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
