package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The labels that {@code absent} gives to what is not there: those its selector says exactly. */
final class AbsentLabels {
  private AbsentLabels() {}

  static Labels of(Expr argument) {
    Labels labels = Labels.EMPTY;
    if (argument instanceof Expr.VectorSelector selector) {
      Map<String, String> equal = new HashMap<>();
      Set<String> seen = new HashSet<>();
      for (Matcher matcher : selector.matchers()) {
        if (matcher.name().equals(Labels.METRIC_NAME)) {
          continue;
        }
        // The first equality counts, wherever others stand; what follows it takes it back.
        if (matcher.op() == Matcher.Op.EQ && seen.add(matcher.name())) {
          equal.put(matcher.name(), matcher.value());
        } else {
          equal.remove(matcher.name());
        }
      }
      labels = Labels.of(equal);
    }
    return labels;
  }
}
