package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code name{label="value", …}}; the name may also stand in quotes inside the braces. Only one
 * before them excludes others.
 */
final class SelectorClause {
  private final TokenCursor cursor;
  private final List<Matcher> matchers = new ArrayList<>();
  private final boolean named;

  private SelectorClause(TokenCursor cursor, boolean named) {
    this.cursor = cursor;
    this.named = named;
  }

  /**
   * Reads a selector.
   *
   * @param name the metric's name, which was read before; null if there was none
   */
  static Expr.VectorSelector read(TokenCursor cursor, @Nullable Token name) {
    Token first = name == null ? cursor.peek() : name;
    SelectorClause clause = new SelectorClause(cursor, name != null);
    if (name != null) {
      clause.matchers.add(Matcher.eq(Labels.METRIC_NAME, name.text()));
    }
    if (cursor.peek().is("{")) {
      clause.braces();
    }
    if (clause.matchers.stream().allMatch(matcher -> matcher.test().test(""))) {
      throw cursor.fault(first, "vector selector must contain at least one non-empty matcher");
    }
    return new Expr.VectorSelector(clause.matchers, 0);
  }

  private void add(Token token, Matcher matcher) {
    if (named && matcher.name().equals(Labels.METRIC_NAME)) {
      throw cursor.fault(token, "metric name must not be set twice: \"" + matcher.value() + "\"");
    }
    matchers.add(matcher);
  }

  private void braces() {
    cursor.next();
    while (!cursor.peek().is("}")) {
      matcher();
      if (!cursor.peek().is(",")) {
        break;
      }
      cursor.next();
    }
    cursor.expect("}", "in label matching");
  }

  private void matcher() {
    Token label = cursor.peek();
    if (label.kind() == Token.Kind.STRING) {
      cursor.next();
      if (cursor.peek().is(",") || cursor.peek().is("}")) {
        add(label, Matcher.eq(Labels.METRIC_NAME, label.text()));
        return;
      }
    } else {
      cursor.label("in label matching");
    }
    Token sign = cursor.next();
    Matcher.Op op =
        switch (sign.text()) {
          case "=" -> Matcher.Op.EQ;
          case "!=" -> Matcher.Op.NE;
          case "=~" -> Matcher.Op.RE;
          case "!~" -> Matcher.Op.NRE;
          default -> null;
        };
    if (op == null || sign.kind() != Token.Kind.SYMBOL) {
      throw cursor.fault(
          sign,
          "unexpected "
              + sign.described()
              + " in label matching, expected label matching operator");
    }
    Token value = cursor.next();
    if (value.kind() != Token.Kind.STRING) {
      throw cursor.fault(
          value, "unexpected " + value.described() + " in label matching, expected string");
    }
    try {
      add(value, new Matcher(label.text(), op, value.text()));
    } catch (IllegalArgumentException e) {
      throw cursor.fault(value, String.valueOf(e.getMessage()));
    }
  }
}
