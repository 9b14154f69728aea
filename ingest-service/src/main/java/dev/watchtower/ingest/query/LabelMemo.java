package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Label sets derived from those of the series, each computed once in a query: a range query meets
 * the same few label sets at every step. Each counts as produced, as the samples that would take
 * its memory. For one thread.
 */
final class LabelMemo {
  /** Ascending by names and values. */
  static final Comparator<Labels> ORDER = LabelMemo::compare;

  /** An entry here, as samples of 32 bytes. */
  private static final int ENTRY = 2;

  /** The entries of one way to derive them. */
  private static final int ENTRIES = 6;

  /** Labels whose texts are there already; so many more take the memory of another sample. */
  private static final int LABELS_A_SAMPLE = 4;

  /** A new text; some alphabets take two bytes a character. */
  private static final int CHARACTERS_A_SAMPLE = 16;

  private static final List<String> NAME = List.of(Labels.METRIC_NAME);

  private record Kept(List<String> names) {}

  private record Dropped(List<String> names) {}

  private record Added(String name, String value) {}

  private record Included(List<String> names, Labels from) {}

  private record Changed(int place) {}

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

  /** With one more label, of a new text. */
  Labels added(String name, String value, Labels labels) {
    return derive(new Added(name, value), labels, l -> changed(name, l.with(name, value)));
  }

  /** With those of the names that another label set has, and without those that it has not. */
  Labels included(List<String> names, Labels from, Labels labels) {
    return derive(
        new Included(names, from),
        labels,
        l -> {
          Labels all = l;
          for (String name : names) {
            all = all.with(name, from.getOrEmpty(name));
          }
          return all;
        });
  }

  /**
   * With one label changed to a new text.
   *
   * @param place that of the function in the plan
   */
  Labels changed(int place, String name, Labels labels, UnaryOperator<Labels> change) {
    return derive(new Changed(place), labels, l -> changed(name, change.apply(l)));
  }

  private Labels changed(String name, Labels made) {
    budget.charge(made.getOrEmpty(name).length() / CHARACTERS_A_SAMPLE);
    return made;
  }

  private Labels derive(Object how, Labels labels, UnaryOperator<Labels> derivation) {
    Map<Labels, Labels> known = derived.get(how);
    if (known == null) {
      budget.charge(ENTRIES);
      known = new HashMap<>();
      derived.put(how, known);
    }
    return counted(known, labels, derivation);
  }

  private Labels counted(
      Map<Labels, Labels> known, Labels labels, UnaryOperator<Labels> derivation) {
    return known.computeIfAbsent(
        labels,
        l -> {
          Labels made = derivation.apply(l);
          budget.charge(ENTRY + (made.equals(l) ? 0 : 1 + made.size() / LABELS_A_SAMPLE));
          return made;
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
