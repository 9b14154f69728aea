package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The aggregations over one vector, after promql/engine.go of Prometheus 3. */
final class Aggregation {
  private final LabelMemo memo;

  /** By place in the plan. */
  private final Slots<GroupRow> rows = new Slots<>();

  Aggregation(LabelMemo memo) {
    this.memo = memo;
  }

  /** Largest (or smallest) first; NaN last. */
  static Comparator<Value.Sample> byValue(boolean descending) {
    return (a, b) -> {
      boolean aNaN = Double.isNaN(a.value());
      boolean bNaN = Double.isNaN(b.value());
      if (aNaN || bNaN) {
        return Boolean.compare(aNaN, bNaN);
      }
      return descending
          ? Double.compare(b.value(), a.value())
          : Double.compare(a.value(), b.value());
    };
  }

  /**
   * @param place that of the aggregation in the plan
   */
  Value.Vector apply(
      int place, Expr.Aggregate aggregate, double parameter, List<Value.Sample> samples) {
    GroupRow row = rows.get(place);
    if (row == null) {
      row = new GroupRow(memo, aggregate.grouping());
      rows.set(place, row);
    }
    GroupRow.Groups groups = row.of(samples);
    AggregateOp op = aggregate.op();
    return op == AggregateOp.TOPK || op == AggregateOp.BOTTOMK
        ? chosen(op, parameter, groups, samples)
        : aggregated(op, parameter, groups, samples);
  }

  private static Value.Vector chosen(
      AggregateOp op, double parameter, GroupRow.Groups groups, List<Value.Sample> samples) {
    List<List<Value.Sample>> members = new ArrayList<>();
    groups.labels().forEach(_ -> members.add(new ArrayList<>()));
    for (int i = 0; i < samples.size(); i++) {
      members.get(groups.of()[i]).add(samples.get(i));
    }
    List<Value.Sample> results = new ArrayList<>();
    for (List<Value.Sample> group : members) {
      group.sort(byValue(op == AggregateOp.TOPK));
      results.addAll(group.subList(0, limit(parameter, group.size())));
    }
    return new Value.Vector(results);
  }

  private static Value.Vector aggregated(
      AggregateOp op, double parameter, GroupRow.Groups groups, List<Value.Sample> samples) {
    int count = groups.labels().size();
    double[][] values = new double[count][];
    Arrays.setAll(values, group -> new double[groups.sizes()[group]]);
    int[] filled = new int[count];
    for (int i = 0; i < samples.size(); i++) {
      int group = groups.of()[i];
      values[group][filled[group]++] = samples.get(i).value();
    }
    List<Value.Sample> results = new ArrayList<>(count);
    for (int group = 0; group < count; group++) {
      results.add(
          new Value.Sample(groups.labels().get(group), aggregate(op, parameter, values[group])));
    }
    return new Value.Vector(results);
  }

  Value.Vector countValues(Expr.Grouping grouping, String label, List<Value.Sample> samples) {
    if (label.isEmpty()) {
      throw QueryException.execution("invalid label name \"" + label + "\"");
    }
    Map<Labels, Integer> counts = new LinkedHashMap<>();
    for (Value.Sample sample : samples) {
      Labels group =
          memo.added(label, Numbers.plain(sample.value()), memo.grouped(grouping, sample.labels()));
      counts.merge(group, 1, Integer::sum);
    }
    List<Value.Sample> results = new ArrayList<>();
    counts.forEach((labels, count) -> results.add(new Value.Sample(labels, count)));
    return new Value.Vector(results);
  }

  private static int limit(double parameter, int size) {
    if (Double.isNaN(parameter)) {
      throw QueryException.execution("parameter value is NaN");
    }
    return (int) Math.clamp((long) parameter, 0L, size);
  }

  private static double aggregate(AggregateOp op, double parameter, double[] values) {
    return switch (op) {
      case SUM -> Statistics.sum(values);
      case AVG -> Statistics.mean(values);
      case MIN -> extreme(values, false);
      case MAX -> extreme(values, true);
      case COUNT -> values.length;
      case GROUP -> 1;
      case STDVAR -> Statistics.variance(values);
      case STDDEV -> Math.sqrt(Statistics.variance(values));
      case QUANTILE -> Statistics.quantile(parameter, values);
      case TOPK, BOTTOMK, COUNT_VALUES -> throw new IllegalStateException(op + " keeps samples");
    };
  }

  private static double extreme(double[] values, boolean largest) {
    double best = values[0];
    for (double value : values) {
      if (Double.isNaN(best) || (largest ? value > best : value < best)) {
        best = value;
      }
    }
    return best;
  }

  /** By value. */
  static Value sorted(List<Value.Sample> samples, boolean descending) {
    return new Value.Vector(samples.stream().sorted(byValue(descending)).toList());
  }
}
