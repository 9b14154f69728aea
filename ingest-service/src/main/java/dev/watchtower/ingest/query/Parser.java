package dev.watchtower.ingest.query;

import dev.watchtower.ingest.query.Expr.ValueType;
import dev.watchtower.ingest.query.Expr.VectorMatching.Cardinality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query: precedence climbing over the tokens, with the types checked on the way, so that
 * every fault has its place in the text. What Prometheus has and this engine has not is refused by
 * name.
 */
public final class Parser {
  /** Longer texts are refused. */
  public static final int MAX_LENGTH = 16 * 1024;

  /** Deepest tree, counted in nodes: walking it takes as many frames of a thread's stack. */
  static final int MAX_DEPTH = 250;

  /** Deepest nesting of what is being read; each takes several frames. */
  private static final int MAX_NESTING = 100;

  private final TokenCursor cursor;
  private int nesting;

  /** Depth of the tree that was read last. */
  private int depth;

  private Parser(String text) {
    this.cursor = new TokenCursor(text);
  }

  /**
   * The expression of a text.
   *
   * @throws QueryException of kind BAD_DATA with line and column
   */
  public static Expr parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw QueryException.badData("the query is longer than " + MAX_LENGTH + " characters");
    }
    Parser parser = new Parser(text);
    if (parser.cursor.peek().kind() == Token.Kind.END) {
      throw QueryException.at(text, 0, "no expression found in input");
    }
    Expr expr = parser.expression(0);
    Token rest = parser.cursor.peek();
    if (rest.kind() != Token.Kind.END) {
      throw parser.cursor.unexpected(rest, "after the expression");
    }
    return expr;
  }

  /**
   * The matchers of one selector, for example of {@code match[]}.
   *
   * @throws QueryException of kind BAD_DATA when it is anything but a plain selector
   */
  public static List<dev.watchtower.ingest.series.Matcher> selector(String text) {
    if (parse(text) instanceof Expr.VectorSelector selector
        && selector.offsetMillis() == 0
        && selector.pin() == null) {
      return selector.matchers();
    }
    throw QueryException.at(text, 0, "expected a series selector such as up{job=\"shop\"}");
  }

  private Expr expression(int minimumPrecedence) {
    if (++nesting > MAX_NESTING) {
      throw tooDeep(cursor.peek());
    }
    Expr left = unary();
    while (true) {
      Token token = cursor.peek();
      BinaryOp op = BinaryOp.of(token);
      if (op == null || op.precedence() < minimumPrecedence) {
        nesting--;
        return left;
      }
      cursor.next();
      int leftDepth = depth;
      left = binary(token, op, left);
      deeper(token, leftDepth);
    }
  }

  /** What was read last got a node above it, with another part of this depth below. */
  private void deeper(Token token, int besides) {
    depth = Math.max(depth, besides) + 1;
    if (depth > MAX_DEPTH) {
      throw tooDeep(token);
    }
  }

  private QueryException tooDeep(Token token) {
    return cursor.fault(token, "the expression is nested too deeply");
  }

  private Expr binary(Token token, BinaryOp op, Expr left) {
    boolean returnBool = false;
    if (cursor.peek().isWord("bool")) {
      Token word = cursor.next();
      if (!op.isComparison()) {
        throw cursor.fault(word, "bool modifier can only be used on comparison operators");
      }
      returnBool = true;
    }
    MatchingClause clause = MatchingClause.read(cursor, op);
    // Everything binds to the left but the power.
    Expr right = expression(op == BinaryOp.POWER ? op.precedence() : op.precedence() + 1);
    return checked(token, op, left, right, returnBool, clause);
  }

  private Expr checked(
      Token token,
      BinaryOp op,
      Expr left,
      Expr right,
      boolean returnBool,
      @Nullable MatchingClause clause) {
    for (Expr side : List.of(left, right)) {
      if (side.type() != ValueType.SCALAR && side.type() != ValueType.INSTANT_VECTOR) {
        throw cursor.fault(
            token,
            "binary expression must contain only scalar and instant vector types, not "
                + side.type().described());
      }
    }
    boolean vectors =
        left.type() == ValueType.INSTANT_VECTOR && right.type() == ValueType.INSTANT_VECTOR;
    if (op.isComparison() && !returnBool && !vectors && left.type() == right.type()) {
      throw cursor.fault(token, "comparisons between scalars must use BOOL modifier");
    }
    if (op.isSet() && !vectors) {
      throw cursor.fault(
          token, "set operator \"" + op.symbol() + "\" not allowed in binary scalar expression");
    }
    if (clause != null && !vectors) {
      throw cursor.fault(token, "vector matching only allowed between instant vectors");
    }
    Expr.VectorMatching matching = null;
    if (vectors) {
      Cardinality standard = op.isSet() ? Cardinality.MANY_TO_MANY : Cardinality.ONE_TO_ONE;
      matching =
          clause == null
              ? new Expr.VectorMatching(false, List.of(), standard, List.of())
              : clause.matching(standard);
    }
    return new Expr.Binary(op, left, right, returnBool, matching);
  }

  private Expr unary() {
    Token token = cursor.peek();
    if (token.is("+") || token.is("-")) {
      cursor.next();
      Expr operand = expression(BinaryOp.UNARY_PRECEDENCE + 1);
      if (operand.type() != ValueType.SCALAR && operand.type() != ValueType.INSTANT_VECTOR) {
        throw cursor.fault(
            token,
            "unary expression only allowed on expressions of type scalar or instant vector, got "
                + operand.type().described());
      }
      if (token.is("+")) {
        return operand;
      }
      deeper(token, 0);
      return operand instanceof Expr.NumberLiteral number
          ? new Expr.NumberLiteral(-number.value())
          : new Expr.Negation(operand);
    }
    Expr primary = primary();
    Expr expr = ModifierClause.read(cursor, primary, token.is("("));
    if (expr instanceof Expr.Subquery) {
      deeper(token, 0);
    }
    return expr;
  }

  private Expr primary() {
    Token token = cursor.peek();
    depth = 1;
    return switch (token.kind()) {
      case NUMBER, DURATION -> new Expr.NumberLiteral(cursor.number());
      case STRING -> new Expr.StringLiteral(cursor.next().text());
      case IDENTIFIER -> identifier(token);
      case SYMBOL -> {
        if (token.is("(")) {
          cursor.next();
          Expr inner = expression(0);
          cursor.expect(")", "in a parenthesis");
          yield inner;
        }
        if (token.is("{")) {
          yield SelectorClause.read(cursor, null);
        }
        throw cursor.unexpected(token, "where an expression should begin");
      }
      case END -> throw cursor.unexpected(token, "where an expression should begin");
    };
  }

  private Expr identifier(Token token) {
    if (token.isWord("inf") || token.isWord("nan")) {
      return new Expr.NumberLiteral(cursor.number());
    }
    Token after = cursor.peekSecond();
    AggregateOp aggregation = AggregateOp.of(token.text());
    if (aggregation != null && (after.is("(") || after.isWord("by") || after.isWord("without"))) {
      cursor.next();
      return aggregate(token, aggregation);
    }
    if (after.is("(") || after.isWord("by") || after.isWord("without")) {
      // An aggregation that there is not is told as a function that there is not.
      cursor.next();
      return call(token);
    }
    if (BinaryOp.of(token) != null) {
      throw cursor.unexpected(token, "where an expression should begin");
    }
    cursor.next();
    return SelectorClause.read(cursor, token);
  }

  private Expr aggregate(Token token, AggregateOp op) {
    Expr.Grouping grouping = grouping();
    List<Expr> arguments = arguments(token);
    if (grouping == null) {
      grouping = grouping();
    }
    int expected = op.hasParameter() ? 2 : 1;
    if (arguments.size() != expected) {
      throw cursor.fault(
          token,
          "wrong number of arguments for aggregate expression provided, expected "
              + expected
              + ", got "
              + arguments.size());
    }
    Expr parameter = op.hasParameter() ? arguments.getFirst() : null;
    if (parameter != null) {
      ValueType type = op == AggregateOp.COUNT_VALUES ? ValueType.STRING : ValueType.SCALAR;
      expectType(token, "aggregation parameter of " + op.word(), type, parameter);
    }
    Expr operand = arguments.getLast();
    expectType(token, "aggregation expression", ValueType.INSTANT_VECTOR, operand);
    return new Expr.Aggregate(
        op, grouping == null ? Expr.Grouping.ALL : grouping, parameter, operand);
  }

  private Expr.@Nullable Grouping grouping() {
    Token token = cursor.peek();
    if (!token.isWord("by") && !token.isWord("without")) {
      return null;
    }
    cursor.next();
    return new Expr.Grouping(token.isWord("without"), cursor.labelList("in grouping opts"));
  }

  private Expr call(Token token) {
    Function function = Function.of(token.text());
    if (function == null) {
      throw cursor.fault(
          token,
          "unknown or unsupported function with name \""
              + token.text()
              + "\" (docs/promql.md lists the supported ones)");
    }
    List<Expr> arguments = arguments(token);
    List<ValueType> parameters = function.parameters();
    if (arguments.size() < function.required()
        || (!arguments.isEmpty() && function.parameter(arguments.size() - 1) == null)) {
      throw cursor.fault(
          token,
          "expected %s%d argument(s) in call to \"%s\", got %d"
              .formatted(
                  function.required() < parameters.size() ? "at least " : "",
                  function.required(),
                  function.word(),
                  arguments.size()));
    }
    for (int i = 0; i < arguments.size(); i++) {
      expectType(
          token,
          "call to function \"" + function.word() + "\"",
          Objects.requireNonNull(function.parameter(i)),
          arguments.get(i));
    }
    return new Expr.Call(function, arguments);
  }

  private List<Expr> arguments(Token token) {
    cursor.expect("(", "before arguments");
    List<Expr> arguments = new ArrayList<>();
    int deepest = 0;
    depth = 0;
    while (!cursor.peek().is(")")) {
      arguments.add(expression(0));
      deepest = Math.max(deepest, depth);
      if (!cursor.peek().is(",")) {
        break;
      }
      Token comma = cursor.next();
      if (cursor.peek().is(")")) {
        throw cursor.fault(comma, "trailing commas not allowed in function call args");
      }
    }
    cursor.expect(")", "after arguments");
    deeper(token, deepest);
    return arguments;
  }

  private void expectType(Token token, String where, ValueType expected, Expr actual) {
    if (actual.type() != expected) {
      throw cursor.fault(
          token,
          "expected type %s in %s, got %s"
              .formatted(
                  expected.described(), where, actual.type().described().toLowerCase(Locale.ROOT)));
    }
  }
}
