package dev.watchtower.ingest.query;

import dev.watchtower.ingest.query.Expr.ValueType;
import org.jspecify.annotations.Nullable;

/** {@code [5m]}, {@code [1h:5m]}, {@code offset 5m} and {@code @ time} behind an expression. */
final class ModifierClause {
  // Prometheus takes its evaluation interval, one minute as it comes.
  private static final long DEFAULT_STEP_MILLIS = 60_000;
  // The year 9999.
  private static final double MAX_PIN_SECONDS = 253_402_300_799.0;

  private final TokenCursor cursor;

  /** What stands in parentheses; of what there is, only a subquery goes with it. */
  private final @Nullable Expr enclosed;

  private ModifierClause(TokenCursor cursor, @Nullable Expr enclosed) {
    this.cursor = cursor;
    this.enclosed = enclosed;
  }

  /**
   * What follows an expression, and the expression with it.
   *
   * @param parentheses whether the operand stands in them
   */
  static Expr read(TokenCursor cursor, Expr operand, boolean parentheses) {
    return new ModifierClause(cursor, parentheses ? operand : null).postfix(operand);
  }

  private Expr postfix(Expr operand) {
    Expr expr = operand;
    while (true) {
      Token token = cursor.peek();
      if (token.is("[")) {
        expr = range(token, expr);
      } else if (token.isWord("offset")) {
        cursor.next();
        expr = offset(token, expr, cursor.signedDurationMillis());
      } else if (token.is("@")) {
        cursor.next();
        expr = pinned(token, expr, pin());
      } else {
        return expr;
      }
    }
  }

  private Expr range(Token bracket, Expr expr) {
    cursor.next();
    long range = cursor.durationMillis();
    if (cursor.peek().is(":")) {
      return subquery(bracket, expr, range);
    }
    cursor.expect("]", "after a range");
    if (!(expr instanceof Expr.VectorSelector selector) || isEnclosed(expr)) {
      throw cursor.fault(bracket, "ranges only allowed for vector selectors");
    }
    if (selector.offsetMillis() != 0 || selector.pin() != null) {
      throw cursor.fault(bracket, "no offset or @ modifiers allowed before range");
    }
    return new Expr.MatrixSelector(selector, range);
  }

  private Expr subquery(Token bracket, Expr operand, long range) {
    cursor.next();
    long step = cursor.peek().is("]") ? DEFAULT_STEP_MILLIS : cursor.durationMillis();
    cursor.expect("]", "after the step of a subquery");
    if (operand.type() != ValueType.INSTANT_VECTOR) {
      throw cursor.fault(
          bracket, "subquery is only allowed on instant vector, got " + operand.type().described());
    }
    return new Expr.Subquery(operand, range, step, 0, null);
  }

  private Expr.Pin pin() {
    Token token = cursor.peek();
    if (token.isWord("start") || token.isWord("end")) {
      cursor.next();
      cursor.expect("(", "in an @ modifier");
      cursor.expect(")", "in an @ modifier");
      return token.isWord("start") ? new Expr.Pin.Start() : new Expr.Pin.End();
    }
    boolean negative = token.is("-");
    if (negative || token.is("+")) {
      cursor.next();
    }
    if (cursor.peek().kind() != Token.Kind.NUMBER) {
      throw cursor.unexpected(cursor.peek(), "in an @ modifier, expected a time in seconds");
    }
    double seconds = cursor.number();
    if (!(seconds < MAX_PIN_SECONDS)) {
      throw cursor.fault(token, "timestamp out of bounds for @ modifier");
    }
    return new Expr.Pin.At(Math.round((negative ? -seconds : seconds) * 1000));
  }

  @SuppressWarnings("ReferenceEquality") // this very part of the text, not one of equal meaning
  private boolean isEnclosed(Expr expr) {
    return expr == enclosed;
  }

  private Expr pinned(Token token, Expr expr, Expr.Pin pin) {
    return switch (expr) {
      case Expr _ when isEnclosed(expr) -> throw misplacedPin(token);
      case Expr.VectorSelector selector when selector.pin() == null ->
          new Expr.VectorSelector(selector.matchers(), selector.offsetMillis(), pin);
      case Expr.MatrixSelector matrix when matrix.pin() == null ->
          new Expr.MatrixSelector(
              new Expr.VectorSelector(matrix.selector().matchers(), matrix.offsetMillis(), pin),
              matrix.rangeMillis());
      case Expr.Subquery s when s.pin() == null ->
          new Expr.Subquery(s.operand(), s.rangeMillis(), s.stepMillis(), s.offsetMillis(), pin);
      case Expr.VectorSelector _, Expr.Range _ ->
          throw cursor.fault(token, "@ <timestamp> may not be set multiple times");
      default -> throw misplacedPin(token);
    };
  }

  private QueryException misplacedPin(Token token) {
    return cursor.fault(
        token,
        "@ modifier must be preceded by an instant vector selector or range vector selector"
            + " or a subquery");
  }

  private Expr offset(Token token, Expr expr, long millis) {
    return switch (expr) {
      case Expr _ when isEnclosed(expr) -> throw misplacedOffset(token);
      case Expr.VectorSelector selector when selector.offsetMillis() == 0 ->
          new Expr.VectorSelector(selector.matchers(), millis, selector.pin());
      case Expr.MatrixSelector matrix when matrix.selector().offsetMillis() == 0 ->
          new Expr.MatrixSelector(
              new Expr.VectorSelector(matrix.selector().matchers(), millis, matrix.pin()),
              matrix.rangeMillis());
      case Expr.Subquery s when s.offsetMillis() == 0 ->
          new Expr.Subquery(s.operand(), s.rangeMillis(), s.stepMillis(), millis, s.pin());
      case Expr.VectorSelector _, Expr.Range _ ->
          throw cursor.fault(token, "offset may not be set multiple times");
      default -> throw misplacedOffset(token);
    };
  }

  private QueryException misplacedOffset(Token token) {
    return cursor.fault(
        token,
        "offset modifier must be preceded by an instant vector selector or range vector"
            + " selector or a subquery");
  }
}
