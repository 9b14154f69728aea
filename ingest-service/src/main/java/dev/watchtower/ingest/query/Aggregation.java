package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The aggregations over one vector, after promql/engine.go of Prometheus 3. */
final class Aggregation {
  private final LabelMemo memo;

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

  Value.Vector apply(
      AggregateOp op, Expr.Grouping grouping, double parameter, List<Value.Sample> samples) {
    Map<Labels, List<Value.Sample>> groups = new LinkedHashMap<>();
    for (Value.Sample sample : samples) {
      groups
          .computeIfAbsent(memo.grouped(grouping, sample.labels()), _ -> new ArrayList<>())
          .add(sample);
    }
    List<Value.Sample> results = new ArrayList<>();
    for (Map.Entry<Labels, List<Value.Sample>> group : groups.entrySet()) {
      switch (op) {
        case TOPK, BOTTOMK -> {
          List<Value.Sample> members = group.getValue();
          members.sort(byValue(op == AggregateOp.TOPK));
          results.addAll(members.subList(0, limit(parameter, members.size())));
        }
        default ->
            results.add(
                new Value.Sample(
                    group.getKey(), aggregate(op, parameter, values(group.getValue()))));
      }
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
          memo.grouped(grouping, sample.labels()).with(label, Numbers.plain(sample.value()));
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

  private static double[] values(List<Value.Sample> samples) {
    return samples.stream().mapToDouble(Value.Sample::value).toArray();
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
}
