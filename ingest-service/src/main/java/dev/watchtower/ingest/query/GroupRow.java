package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells of the samples of one aggregation, at one instant after the other, their groups. For one
 * thread.
 */
final class GroupRow {
  /**
   * The groups of an instant, in the order of their first samples.
   *
   * @param labels of each group
   * @param sizes how many samples each has
   * @param of the group of each sample, as a place in the others
   */
  record Groups(List<Labels> labels, int[] sizes, int[] of) {}

  private final LabelMemo memo;
  private final Expr.Grouping grouping;
  private final LabelRow row = new LabelRow();
  private final Map<Labels, Integer> numbers = new HashMap<>();
  private final List<Labels> numbered = new ArrayList<>();
  // Of each place in the row the number of its group.
  private int[] inRow = {};

  GroupRow(LabelMemo memo, Expr.Grouping grouping) {
    this.memo = memo;
    this.grouping = grouping;
  }

  Groups of(List<Value.Sample> samples) {
    int[] places = row.places(samples);
    if (places == null) {
      places = row.remember(samples);
      inRow = samples.stream().mapToInt(sample -> number(sample.labels())).toArray();
    }
    int[] groupOf = new int[numbered.size()];
    Arrays.fill(groupOf, -1);
    List<Labels> labels = new ArrayList<>();
    int[] sizes = new int[Math.min(numbered.size(), samples.size())];
    int[] of = new int[samples.size()];
    for (int i = 0; i < of.length; i++) {
      int number = inRow[places[i]];
      int group = groupOf[number];
      if (group < 0) {
        group = labels.size();
        groupOf[number] = group;
        labels.add(numbered.get(number));
      }
      of[i] = group;
      sizes[group]++;
    }
    return new Groups(labels, sizes, of);
  }

  private int number(Labels labels) {
    return numbers.computeIfAbsent(
        memo.grouped(grouping, labels),
        group -> {
          numbered.add(group);
          return numbered.size() - 1;
        });
  }
}
