package dev.watchtower.ingest.query;

import dev.watchtower.ingest.query.Expr.VectorMatching.Cardinality;
import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Operators with a vector on at least one side, after promql/engine.go of Prometheus 3. */
final class VectorOperation {
  private final LabelMemo memo;

  VectorOperation(LabelMemo memo) {
    this.memo = memo;
  }

  /**
   * A vector and a number. Two samples may come to have the same labels.
   *
   * @param swapped whether the number stood on the left
   */
  List<Value.Sample> withScalar(
      Expr.Binary binary, List<Value.Sample> samples, double scalar, boolean swapped) {
    BinaryOp op = binary.op();
    List<Value.Sample> results = new ArrayList<>();
    for (Value.Sample sample : samples) {
      double left = swapped ? scalar : sample.value();
      double right = swapped ? sample.value() : scalar;
      if (!op.isComparison()) {
        results.add(new Value.Sample(memo.withoutName(sample.labels()), op.apply(left, right)));
      } else if (binary.returnBool()) {
        results.add(
            new Value.Sample(memo.withoutName(sample.labels()), op.holds(left, right) ? 1 : 0));
      } else if (op.holds(left, right)) {
        results.add(sample);
      }
    }
    return results;
  }

  Value.Vector betweenVectors(
      Expr.Binary binary, List<Value.Sample> left, List<Value.Sample> right) {
    Expr.VectorMatching matching = Objects.requireNonNull(binary.matching());
    if (!binary.op().isSet() && (left.isEmpty() || right.isEmpty())) {
      // As Prometheus: what cannot match cannot match twice either.
      return Value.Vector.EMPTY;
    }
    return switch (binary.op()) {
      case AND -> filtered(matching, left, right, true);
      case UNLESS -> filtered(matching, left, right, false);
      case OR -> or(matching, left, right);
      default -> matched(binary, matching, left, right);
    };
  }

  private Value.Vector filtered(
      Expr.VectorMatching matching,
      List<Value.Sample> left,
      List<Value.Sample> right,
      boolean present) {
    Set<Labels> signatures = signatures(matching, right);
    List<Value.Sample> results = new ArrayList<>();
    for (Value.Sample sample : left) {
      if (signatures.contains(memo.signature(matching, sample.labels())) == present) {
        results.add(sample);
      }
    }
    return new Value.Vector(results);
  }

  private Value.Vector or(
      Expr.VectorMatching matching, List<Value.Sample> left, List<Value.Sample> right) {
    Set<Labels> signatures = signatures(matching, left);
    List<Value.Sample> results = new ArrayList<>(left);
    for (Value.Sample sample : right) {
      if (!signatures.contains(memo.signature(matching, sample.labels()))) {
        results.add(sample);
      }
    }
    return new Value.Vector(results);
  }

  private Set<Labels> signatures(Expr.VectorMatching matching, List<Value.Sample> samples) {
    Set<Labels> signatures = new HashSet<>();
    for (Value.Sample sample : samples) {
      signatures.add(memo.signature(matching, sample.labels()));
    }
    return signatures;
  }

  private Value.Vector matched(
      Expr.Binary binary,
      Expr.VectorMatching matching,
      List<Value.Sample> left,
      List<Value.Sample> right) {
    boolean swapped = matching.cardinality() == Cardinality.ONE_TO_MANY;
    List<Value.Sample> many = swapped ? right : left;
    Map<Labels, Value.Sample> one = oneSide(matching, swapped ? left : right, swapped);
    Set<Labels> taken = new HashSet<>();
    List<Value.Sample> results = new ArrayList<>();
    for (Value.Sample sample : many) {
      Labels signature = memo.signature(matching, sample.labels());
      Value.Sample partner = one.get(signature);
      if (partner == null) {
        continue;
      }
      double l = swapped ? partner.value() : sample.value();
      double r = swapped ? sample.value() : partner.value();
      BinaryOp op = binary.op();
      double value;
      if (!op.isComparison()) {
        value = op.apply(l, r);
      } else if (binary.returnBool()) {
        value = op.holds(l, r) ? 1 : 0;
      } else if (op.holds(l, r)) {
        value = l;
      } else {
        continue;
      }
      Labels labels = resultLabels(binary, matching, sample.labels(), partner.labels());
      boolean oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
      if (!taken.add(oneToOne ? signature : labels)) {
        throw QueryException.execution(
            oneToOne
                ? "multiple matches for labels: many-to-one matching must be explicit"
                    + " (group_left/group_right)"
                : "multiple matches for labels: grouping labels must ensure unique matches");
      }
      results.add(new Value.Sample(labels, value));
    }
    return new Value.Vector(results);
  }

  private Map<Labels, Value.Sample> oneSide(
      Expr.VectorMatching matching, List<Value.Sample> samples, boolean isLeft) {
    Map<Labels, Value.Sample> one = HashMap.newHashMap(samples.size());
    for (Value.Sample sample : samples) {
      Labels signature = memo.signature(matching, sample.labels());
      Value.Sample other = one.put(signature, sample);
      if (other != null) {
        throw QueryException.execution(
            "found duplicate series for the match group %s on the %s hand-side of the operation: [%s, %s];many-to-many matching not allowed: matching labels must be unique on one side"
                .formatted(signature, isLeft ? "left" : "right", sample.labels(), other.labels()));
      }
    }
    return one;
  }

  private Labels resultLabels(
      Expr.Binary binary, Expr.VectorMatching matching, Labels many, Labels one) {
    Labels labels = many;
    if (!binary.op().isComparison() || binary.returnBool()) {
      labels = memo.withoutName(labels);
    }
    if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
      labels =
          matching.on()
              ? memo.kept(matching.labels(), labels)
              : memo.dropped(matching.labels(), labels);
    }
    return matching.include().isEmpty() ? labels : memo.included(matching.include(), one, labels);
  }
}
