package dev.watchtower.ingest.query;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Expressions over counters as they count events in one window after the other: each rise from a
 * sample to the next one counts once, in the window of the later sample, and nothing is
 * extrapolated. So the windows together have what the counter has. Over a single range {@code
 * increase} can be no better than extrapolated: it does not know what rose before its first sample.
 */
public final class CountedEvents {
  private static final Set<Function> KEPT =
      EnumSet.of(
          Function.AVG_OVER_TIME,
          Function.COUNT_OVER_TIME,
          Function.LAST_OVER_TIME,
          Function.MAX_OVER_TIME,
          Function.MIN_OVER_TIME,
          Function.PRESENT_OVER_TIME,
          Function.SUM_OVER_TIME);

  /** Gives another expression in the place of one; empty to look at its parts. */
  private interface Change {
    Optional<Expr> of(Expr expr);
  }

  private CountedEvents() {}

  /**
   * The expression with what every counter rose by in the window in the place of its value.
   *
   * @param lead how far before the window the sample before is looked for, milliseconds
   * @throws QueryException if it has ranges of its own
   */
  public static Expr ofCounters(Expr expr, long window, long lead) {
    return mapped(
        expr,
        part ->
            switch (part) {
              case Expr.VectorSelector selector ->
                  Optional.of(increase(new Expr.MatrixSelector(selector, window, lead)));
              case Expr.Range _ ->
                  throw QueryException.badData(
                      "a counter has no range: write sum(x), or sum(increase(x[$window]))");
              default -> Optional.empty();
            });
  }

  /**
   * The expression with each {@code increase} over a range of the window's length as what rose in
   * it, and each {@code rate} as that by the second of a full window. An expression of rates alone
   * is taken times these seconds, so that it counts events too.
   *
   * @param window length of the window, which may have begun only, milliseconds
   * @param full length of a full one
   * @param lead how far before the window the sample before is looked for, milliseconds
   */
  public static Expr ofIncreases(Expr expr, long window, long full, long lead) {
    Set<Function> found = EnumSet.noneOf(Function.class);
    Expr counted =
        mapped(
            expr,
            part -> {
              if (part instanceof Expr.Call call
                  && (call.function() == Function.INCREASE || call.function() == Function.RATE)
                  && call.arguments().getFirst() instanceof Expr.Range range
                  && range.rangeMillis() == window) {
                found.add(call.function());
                return Optional.of(counted(call.function(), led(range, lead), full));
              }
              return Optional.empty();
            });
    return found.equals(Set.of(Function.RATE))
        ? seconds(BinaryOp.MULTIPLY, counted, full)
        : counted;
  }

  /**
   * Whether counted events are the same where only minimum, maximum, sum, count and last of each
   * minute are left, so long as the windows are whole minutes: its ranges are those of what rises,
   * or ask for what is kept.
   *
   * @param counted what this class gives
   */
  public static boolean areInMinutes(Expr counted) {
    List<Expr> others = new ArrayList<>();
    mapped(
        counted,
        part -> {
          if (part instanceof Expr.Call call) {
            call.arguments().stream()
                .filter(Expr.Range.class::isInstance)
                .filter(argument -> !isInMinutes(call.function(), (Expr.Range) argument))
                .forEach(others::add);
          }
          return Optional.empty();
        });
    return others.isEmpty();
  }

  private static boolean isInMinutes(Function function, Expr.Range range) {
    return range instanceof Expr.MatrixSelector
        && (KEPT.contains(function) || (function == Function.INCREASE && range.leadMillis() > 0));
  }

  private static Expr counted(Function function, Expr.Range range, long full) {
    return function == Function.INCREASE
        ? increase(range)
        : seconds(BinaryOp.DIVIDE, increase(range), full);
  }

  private static Expr seconds(BinaryOp op, Expr expr, long millis) {
    return new Expr.Binary(op, expr, new Expr.NumberLiteral(millis / 1000.0), false, null);
  }

  private static Expr increase(Expr.Range range) {
    return new Expr.Call(Function.INCREASE, List.of(range));
  }

  private static Expr.Range led(Expr.Range range, long lead) {
    return switch (range) {
      case Expr.MatrixSelector matrix ->
          new Expr.MatrixSelector(matrix.selector(), matrix.rangeMillis(), lead);
      // Its points lie a step apart, whatever the samples do.
      case Expr.Subquery s ->
          new Expr.Subquery(
              s.operand(),
              s.rangeMillis(),
              s.stepMillis(),
              s.offsetMillis(),
              s.pin(),
              s.stepMillis());
    };
  }

  private static Expr mapped(Expr expr, Change change) {
    return change.of(expr).orElseGet(() -> parts(expr, change));
  }

  private static Expr parts(Expr expr, Change change) {
    return switch (expr) {
      case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _, Expr.Range _ -> expr;
      case Expr.Negation negation -> new Expr.Negation(mapped(negation.operand(), change));
      case Expr.Binary binary ->
          new Expr.Binary(
              binary.op(),
              mapped(binary.left(), change),
              mapped(binary.right(), change),
              binary.returnBool(),
              binary.matching());
      case Expr.Aggregate aggregate ->
          new Expr.Aggregate(
              aggregate.op(),
              aggregate.grouping(),
              aggregate.parameter(),
              mapped(aggregate.operand(), change));
      case Expr.Call call ->
          new Expr.Call(
              call.function(), call.arguments().stream().map(a -> mapped(a, change)).toList());
    };
  }
}
