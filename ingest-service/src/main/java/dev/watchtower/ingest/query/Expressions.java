package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Questions about an expression. */
public final class Expressions {
  private Expressions() {}

  /**
   * The metrics an expression reads; empty if it reads some that it does not name exactly, or none.
   */
  public static Set<String> metrics(Expr expr) {
    return metrics(expr, _ -> true);
  }

  /**
   * The metrics an expression reads, those left out that it reads over a range only which does not
   * count; empty if it reads some that it does not name exactly, or none.
   *
   * @param counting which ranges of selectors count, in milliseconds
   */
  public static Set<String> metrics(Expr expr, LongPredicate counting) {
    Set<String> names = new HashSet<>();
    return collect(expr, counting, names) ? Set.copyOf(names) : Set.of();
  }

  private static boolean collect(Expr expr, LongPredicate counting, Set<String> names) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> true;
      case Expr.MatrixSelector matrix ->
          !counting.test(matrix.rangeMillis()) || collect(matrix.selector(), counting, names);
      case Expr.Subquery subquery -> collect(subquery.operand(), counting, names);
      case Expr.Negation negation -> collect(negation.operand(), counting, names);
      case Expr.Binary binary ->
          collect(binary.left(), counting, names) && collect(binary.right(), counting, names);
      case Expr.Aggregate aggregate ->
          (aggregate.parameter() == null || collect(aggregate.parameter(), counting, names))
              && collect(aggregate.operand(), counting, names);
      case Expr.Call call ->
          call.arguments().stream().allMatch(argument -> collect(argument, counting, names));
      case Expr.VectorSelector selector -> {
        List<String> exact =
            selector.matchers().stream()
                .filter(m -> m.name().equals(Labels.METRIC_NAME) && m.op() == Matcher.Op.EQ)
                .map(Matcher::value)
                .toList();
        names.addAll(exact);
        yield !exact.isEmpty();
      }
    };
  }

  /**
   * The comparison {@code x > 5} with another limit, which counts as crossed: {@code x >= 3}; null
   * if the expression is no such comparison.
   */
  public static @Nullable Expr withLimit(Expr expr, double limit) {
    if (!(expr instanceof Expr.Binary binary) || limit(expr) == null || binary.returnBool()) {
      return null;
    }
    BinaryOp op =
        switch (binary.op()) {
          case GREATER, GREATER_OR_EQUAL -> BinaryOp.GREATER_OR_EQUAL;
          case LESS, LESS_OR_EQUAL -> BinaryOp.LESS_OR_EQUAL;
          default -> null;
        };
    return op == null
        ? null
        : new Expr.Binary(
            op, binary.left(), new Expr.NumberLiteral(limit), false, binary.matching());
  }

  /**
   * Whether the expression has no value where its selectors find no series. {@code absent}, {@code
   * vector} and {@code scalar} have.
   */
  public static boolean isEmptyWithoutSeries(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> false;
      case Expr.VectorSelector _, Expr.MatrixSelector _ -> true;
      case Expr.Subquery subquery -> isEmptyWithoutSeries(subquery.operand());
      case Expr.Negation negation -> isEmptyWithoutSeries(negation.operand());
      case Expr.Aggregate aggregate -> isEmptyWithoutSeries(aggregate.operand());
      case Expr.Binary binary -> areEmptyWithoutSeries(decisive(binary));
      case Expr.Call call ->
          switch (call.function()) {
            case ABSENT, ABSENT_OVER_TIME, VECTOR, SCALAR_OF -> false;
            default -> areEmptyWithoutSeries(call.arguments());
          };
    };
  }

  /**
   * The sides that the result cannot do without: all but {@code or} need both, {@code unless} its
   * left one, and the calendar, or a constant, has no say in whether there are series.
   */
  private static List<Expr> decisive(Expr.Binary binary) {
    if (binary.op() == BinaryOp.OR) {
      return List.of(binary.left(), binary.right());
    }
    List<Expr> sides = new ArrayList<>();
    if (binary.op() == BinaryOp.UNLESS || readsSeries(binary.left())) {
      sides.add(binary.left());
    }
    if (readsSeries(binary.right())) {
      sides.add(binary.right());
    }
    return sides;
  }

  private static boolean readsSeries(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> false;
      case Expr.VectorSelector _, Expr.MatrixSelector _ -> true;
      case Expr.Subquery subquery -> readsSeries(subquery.operand());
      case Expr.Negation negation -> readsSeries(negation.operand());
      case Expr.Binary binary -> readsSeries(binary.left()) || readsSeries(binary.right());
      case Expr.Aggregate aggregate ->
          (aggregate.parameter() != null && readsSeries(aggregate.parameter()))
              || readsSeries(aggregate.operand());
      case Expr.Call call -> call.arguments().stream().anyMatch(Expressions::readsSeries);
    };
  }

  /** Those that have series: numbers beside them make no difference. */
  private static boolean areEmptyWithoutSeries(List<Expr> parts) {
    List<Expr> vectors =
        parts.stream()
            .filter(part ->
                part.type() != Expr.ValueType.SCALAR && part.type() != Expr.ValueType.STRING)
            .toList();
    return !vectors.isEmpty() && vectors.stream().allMatch(Expressions::isEmptyWithoutSeries);
  }

  /** How far back an expression looks, in milliseconds, offsets not counted. */
  public static long longestRange(Expr expr) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _ -> 0;
      case Expr.VectorSelector _ -> 0;
      case Expr.MatrixSelector matrix -> matrix.rangeMillis();
      case Expr.Subquery subquery -> subquery.rangeMillis() + longestRange(subquery.operand());
      case Expr.Negation negation -> longestRange(negation.operand());
      case Expr.Binary binary ->
          Math.max(longestRange(binary.left()), longestRange(binary.right()));
      case Expr.Aggregate aggregate -> longestRange(aggregate.operand());
      case Expr.Call call ->
          call.arguments().stream().mapToLong(Expressions::longestRange).max().orElse(0);
    };
  }

  /** The {@code x} of an expression such as {@code x > 5}; null if it is no such. */
  public static @Nullable Expr compared(Expr expr) {
    return limit(expr) != null && expr instanceof Expr.Binary binary && !binary.returnBool()
        ? binary.left()
        : null;
  }

  /** The number that an expression such as {@code x > 5} compares with; null if it is no such. */
  public static @Nullable Double limit(Expr expr) {
    return expr instanceof Expr.Binary binary
            && binary.op().isComparison()
            && binary.right() instanceof Expr.NumberLiteral number
        ? (Double) number.value()
        : null;
  }

  /** That comparison and its limit as a query has them, {@code > 0.5}; null where it is none. */
  public static @Nullable String limitText(Expr expr) {
    Double limit = limit(expr);
    return limit != null && expr instanceof Expr.Binary binary
        ? binary.op().symbol() + " " + Numbers.format(limit)
        : null;
  }
}
