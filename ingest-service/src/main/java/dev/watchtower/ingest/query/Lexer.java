package dev.watchtower.ingest.query;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a query into tokens. */
final class Lexer {
  private static final List<String> SYMBOLS =
      List.of(
          "==", "!=", ">=", "<=", "=~", "!~", "(", ")", "{", "}", "[", "]", ",", "=", ">", "<", "+",
          "-", "*", "/", "%", "^", "@", ":");
  // Possessive wherever something repeats that repeats: else a long text overflows the stack, or
  // is tried in more ways than there is time for.
  private static final Pattern DURATION =
      Pattern.compile("(?:[0-9]+(?:ms|[ywdhms]))++(?![a-zA-Z0-9_.])");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:0[xX](?:_?[0-9a-fA-F]++)++|(?:D(?:\\.D?)?|\\.D)(?:[eE][+-]?D)?)(?![a-zA-Z0-9_.])"
              .replace("D", "(?:[0-9]++(?:_[0-9]++)*+)"));
  private static final Pattern BYTE = Pattern.compile("\\\\[x0-7]");
  private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean inBrackets;

  private Lexer(String text) {
    this.text = text;
  }

  /**
   * The tokens of the text, the last one of kind {@link Token.Kind#END}.
   *
   * @throws QueryException for a character or string that cannot be read
   */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    while (lexer.skipBlanks()) {
      lexer.next();
    }
    lexer.tokens.add(new Token(Token.Kind.END, "", text.length()));
    return List.copyOf(lexer.tokens);
  }

  private boolean skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private void next() {
    char c = text.charAt(at);
    if (c == '"' || c == '\'' || c == '`') {
      string(c);
      return;
    }
    boolean digit = c >= '0' && c <= '9';
    if ((digit && matches(DURATION, Token.Kind.DURATION))
        || ((digit || c == '.') && matches(NUMBER, Token.Kind.NUMBER))) {
      return;
    }
    if (!(inBrackets && c == ':') && matches(IDENTIFIER, Token.Kind.IDENTIFIER)) {
      return;
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        inBrackets = symbol.equals("[") || (inBrackets && !symbol.equals("]"));
        tokens.add(new Token(Token.Kind.SYMBOL, symbol, at));
        at += symbol.length();
        return;
      }
    }
    throw QueryException.at(
        text,
        at,
        digit
            ? "bad number or duration syntax"
            : "unexpected character: '" + Character.toString(text.codePointAt(at)) + "'");
  }

  private boolean matches(Pattern pattern, Token.Kind kind) {
    Matcher matcher = pattern.matcher(text);
    if (!isHere(matcher)) {
      return false;
    }
    tokens.add(new Token(kind, matcher.group(), at));
    at = matcher.end();
    return true;
  }

  /** Not {@code find}: it would try the whole rest of the text, at each token. */
  private boolean isHere(Matcher matcher) {
    return matcher.region(at, text.length()).lookingAt();
  }

  private void string(char quote) {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (true) {
      if (at >= text.length() || (text.charAt(at) == '\n' && quote != '`')) {
        throw QueryException.at(text, start, "unterminated quoted string");
      }
      char c = text.charAt(at++);
      if (c == quote) {
        break;
      }
      if (c == '\\' && quote != '`') {
        escape(value, quote);
      } else {
        value.append(c);
      }
    }
    tokens.add(new Token(Token.Kind.STRING, value.toString(), start));
  }

  /** Go's escapes, as Prometheus reads them. */
  private void escape(StringBuilder value, char quote) {
    int start = at - 1;
    char c = at < text.length() ? text.charAt(at++) : 0;
    switch (c) {
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case '\\' -> value.append('\\');
      case 'u' -> value.appendCodePoint(codePoint(start, 4));
      case 'U' -> value.appendCodePoint(codePoint(start, 8));
      case 'x', '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at = start;
        value.append(bytes());
      }
      default -> {
        if (c != quote) {
          throw QueryException.at(text, start, "unknown escape sequence in a string");
        }
        value.append(c);
      }
    }
  }

  /** The text of a run of bytes, each {@code \xhh} or {@code \ooo}: they are UTF-8. */
  private String bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher next = BYTE.matcher(text);
    while (isHere(next)) {
      int start = at;
      boolean hex = text.charAt(at + 1) == 'x';
      at += hex ? 2 : 1;
      long code = hex ? code(start, 2, 16) : code(start, 3, 8);
      bytes.write(checked(start, code, code <= 0xff));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private int codePoint(int start, int digits) {
    long code = code(start, digits, 16);
    return checked(start, code, code <= Character.MAX_CODE_POINT && (code & ~0x7ffL) != 0xd800);
  }

  private int checked(int start, long code, boolean isOne) {
    if (!isOne) {
      throw QueryException.at(text, start, "escape sequence is an invalid Unicode code point");
    }
    return Math.toIntExact(code);
  }

  private long code(int start, int digits, int radix) {
    long code = 0;
    int from = at;
    for (; at < from + digits; at++) {
      char c = at < text.length() ? text.charAt(at) : 0;
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        throw QueryException.at(text, start, "unfinished escape sequence in a string");
      }
      code = code * radix + digit;
    }
    return code;
  }
}
