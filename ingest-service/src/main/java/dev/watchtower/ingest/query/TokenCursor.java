package dev.watchtower.ingest.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the tokens of a query, and the small words that several clauses share. */
final class TokenCursor {
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|[ywdhms])");
  private static final Pattern OCTAL = Pattern.compile("00*[0-7]{0,21}");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  // Units must come in this order, each at most once, as in Prometheus.
  private static final List<String> UNITS = List.of("y", "w", "d", "h", "m", "s", "ms");
  private static final long[] UNIT_MILLIS = {
    365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000, 1
  };

  private final String text;
  private final List<Token> tokens;
  private int at;

  TokenCursor(String text) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  QueryException fault(Token token, String message) {
    return QueryException.at(text, token.at(), message);
  }

  QueryException unexpected(Token token, String where) {
    return fault(token, "unexpected " + token.described() + " " + where);
  }

  void expect(String symbol, String where) {
    Token token = next();
    if (!token.is(symbol)) {
      throw fault(
          token, "unexpected " + token.described() + " " + where + ", expected \"" + symbol + "\"");
    }
  }

  /** {@code (a, b)}. */
  List<String> labelList(String where) {
    expect("(", where);
    List<String> labels = new ArrayList<>();
    while (!peek().is(")")) {
      labels.add(label(where));
      if (!peek().is(",")) {
        break;
      }
      next();
    }
    expect(")", where);
    return labels;
  }

  /** A label's name; in quotes it may have any characters. */
  String label(String where) {
    Token token = next();
    if (token.kind() == Token.Kind.STRING && !token.text().isEmpty()) {
      return token.text();
    }
    if (token.kind() != Token.Kind.IDENTIFIER || !LABEL.matcher(token.text()).matches()) {
      throw fault(token, "unexpected " + token.described() + " " + where + ", expected label");
    }
    return token.text();
  }

  /** A number; a duration counts as its seconds. */
  double number() {
    Token token = next();
    if (token.kind() == Token.Kind.DURATION) {
      return millis(token) / 1000.0;
    }
    String word = token.text().toLowerCase(Locale.ROOT).replace("_", "");
    if (word.equals("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    if (word.equals("nan")) {
      return Double.NaN;
    }
    try {
      return word.startsWith("0x") ? Long.parseLong(word, 2, word.length(), 16) : parse(word);
    } catch (NumberFormatException e) {
      throw fault(token, "bad number " + token.text());
    }
  }

  /** As in Go, whole numbers that begin with a 0 are octal, unless they cannot be. */
  private static double parse(String word) {
    return OCTAL.matcher(word).matches() ? Long.parseLong(word, 8) : Double.parseDouble(word);
  }

  /** A duration greater than zero; a number counts as seconds. */
  long durationMillis() {
    Token token = peek();
    long millis = anyDurationMillis();
    if (millis <= 0) {
      throw fault(token, "duration must be greater than 0");
    }
    return millis;
  }

  /** A duration that may be zero or negative, for {@code offset}. */
  long signedDurationMillis() {
    Token sign = peek();
    if (sign.is("-") || sign.is("+")) {
      next();
    }
    long millis = anyDurationMillis();
    return sign.is("-") ? -millis : millis;
  }

  private long anyDurationMillis() {
    Token token = peek();
    if (token.kind() == Token.Kind.NUMBER) {
      double seconds = number();
      if (seconds * 1000 > Long.MAX_VALUE / 4.0) {
        throw fault(token, "duration out of range");
      }
      return Math.round(seconds * 1000);
    }
    if (token.kind() != Token.Kind.DURATION) {
      throw fault(token, "unexpected " + token.described() + ", expected a duration such as 5m");
    }
    next();
    return millis(token);
  }

  private long millis(Token token) {
    Matcher parts = DURATION_PART.matcher(token.text());
    int lastUnit = -1;
    long sum = 0;
    try {
      while (parts.find()) {
        int unit = UNITS.indexOf(parts.group(2));
        if (unit <= lastUnit) {
          throw fault(token, "not a valid duration string: \"" + token.text() + "\"");
        }
        lastUnit = unit;
        sum =
            Math.addExact(
                sum, Math.multiplyExact(Long.parseLong(parts.group(1)), UNIT_MILLIS[unit]));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw fault(token, "duration out of range");
    }
    if (sum > Long.MAX_VALUE / 4) {
      throw fault(token, "duration out of range");
    }
    return sum;
  }
}
