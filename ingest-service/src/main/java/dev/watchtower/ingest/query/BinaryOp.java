package dev.watchtower.ingest.query;

import org.jspecify.annotations.Nullable;

/** The operators between two operands, with how tightly they bind. */
public enum BinaryOp {
  OR("or", 1),
  AND("and", 2),
  UNLESS("unless", 2),
  EQUAL("==", 3),
  NOT_EQUAL("!=", 3),
  GREATER(">", 3),
  LESS("<", 3),
  GREATER_OR_EQUAL(">=", 3),
  LESS_OR_EQUAL("<=", 3),
  ADD("+", 4),
  SUBTRACT("-", 4),
  MULTIPLY("*", 5),
  DIVIDE("/", 5),
  MODULO("%", 5),
  ATAN2("atan2", 5),
  POWER("^", 6);

  /** How tightly a sign in front binds: like multiplication, so that {@code -2^2} is -4. */
  static final int UNARY_PRECEDENCE = 5;

  private final String symbol;
  private final int precedence;

  BinaryOp(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  static @Nullable BinaryOp of(Token token) {
    for (BinaryOp op : values()) {
      if (op.isWord() ? token.isWord(op.symbol) : token.is(op.symbol)) {
        return op;
      }
    }
    return null;
  }

  private boolean isWord() {
    return Character.isLetter(symbol.charAt(0));
  }

  String symbol() {
    return symbol;
  }

  int precedence() {
    return precedence;
  }

  boolean isSet() {
    return precedence <= 2;
  }

  boolean isComparison() {
    return precedence == 3;
  }

  /** Whether a comparison holds. */
  boolean holds(double left, double right) {
    return switch (this) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case GREATER -> left > right;
      case LESS -> left < right;
      case GREATER_OR_EQUAL -> left >= right;
      case LESS_OR_EQUAL -> left <= right;
      default -> throw new IllegalStateException(symbol + " is no comparison");
    };
  }

  /** The result of an arithmetic operator. */
  double apply(double left, double right) {
    return switch (this) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case MODULO -> left % right;
      case ATAN2 -> Math.atan2(left, right);
      // Go says 1 where Java says NaN.
      case POWER ->
          left == 1 || (left == -1 && Double.isInfinite(right)) ? 1 : Math.pow(left, right);
      default -> throw new IllegalStateException(symbol + " is no arithmetic operator");
    };
  }
}
