package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Label sets derived from those of the series, each computed once in a query: a range query meets
 * the same few label sets at every step. Each counts as a sample that was produced. For one thread.
 */
final class LabelMemo {
  /** Ascending by names and values. */
  static final Comparator<Labels> ORDER = LabelMemo::compare;

  private static final List<String> NAME = List.of(Labels.METRIC_NAME);

  private record Kept(List<String> names) {}

  private record Dropped(List<String> names) {}

  private final Budget budget;
  private final Map<Object, Map<Labels, Labels>> derived = new HashMap<>();
  private final Map<Labels, Labels> nameless = new HashMap<>();

  LabelMemo(Budget budget) {
    this.budget = budget;
  }

  /** Without the metric's name. */
  Labels withoutName(Labels labels) {
    return counted(nameless, labels, l -> l.without(NAME));
  }

  Labels kept(List<String> names, Labels labels) {
    return derive(new Kept(names), labels, l -> l.retain(names));
  }

  Labels dropped(List<String> names, Labels labels) {
    return derive(new Dropped(names), labels, l -> l.without(names));
  }

  /** The labels of the group that a series belongs to. */
  Labels grouped(Expr.Grouping grouping, Labels labels) {
    return grouping.without()
        ? dropped(grouping.labels(), withoutName(labels))
        : kept(grouping.labels(), labels);
  }

  /** What must be equal on both sides for two series to match. */
  Labels signature(Expr.VectorMatching matching, Labels labels) {
    return matching.on()
        ? kept(matching.labels(), labels)
        : dropped(matching.labels(), withoutName(labels));
  }

  private Labels derive(Object how, Labels labels, Function<Labels, Labels> derivation) {
    return counted(derived.computeIfAbsent(how, _ -> new HashMap<>()), labels, derivation);
  }

  private Labels counted(
      Map<Labels, Labels> known, Labels labels, Function<Labels, Labels> derivation) {
    return known.computeIfAbsent(
        labels,
        l -> {
          budget.charge(1);
          return derivation.apply(l);
        });
  }

  private static int compare(Labels a, Labels b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.name(i).compareTo(b.name(i));
      if (order == 0) {
        order = a.value(i).compareTo(b.value(i));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
