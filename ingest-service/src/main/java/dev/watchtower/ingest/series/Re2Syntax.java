package dev.watchtower.ingest.series;

import java.util.Map;

/**
 * Regular expressions as Prometheus has them (RE2) in the words of {@code java.util.regex}. Most is
 * the same; what Java would take for something else, and silently match otherwise, is written
 * another way, and what it cannot do is refused by name. What only Java knows stays allowed.
 */
final class Re2Syntax {
  private static final Map<String, String> POSIX =
      Map.ofEntries(
          Map.entry("alnum", "p{Alnum}"),
          Map.entry("alpha", "p{Alpha}"),
          Map.entry("ascii", "p{ASCII}"),
          Map.entry("blank", "p{Blank}"),
          Map.entry("cntrl", "p{Cntrl}"),
          Map.entry("digit", "p{Digit}"),
          Map.entry("graph", "p{Graph}"),
          Map.entry("lower", "p{Lower}"),
          Map.entry("print", "p{Print}"),
          Map.entry("punct", "p{Punct}"),
          Map.entry("space", "p{Space}"),
          Map.entry("upper", "p{Upper}"),
          Map.entry("word", "w"),
          Map.entry("xdigit", "p{XDigit}"));

  private final String regex;
  private final StringBuilder java = new StringBuilder();
  private int at;

  private Re2Syntax(String regex) {
    this.regex = regex;
  }

  /**
   * The same expression for Java.
   *
   * @throws IllegalArgumentException naming what Java cannot do
   */
  static String toJava(String regex) {
    Re2Syntax syntax = new Re2Syntax(regex);
    while (syntax.at < regex.length()) {
      syntax.next();
    }
    return syntax.java.toString();
  }

  private void next() {
    char c = regex.charAt(at);
    switch (c) {
      case '\\' -> escape();
      case '[' -> characters();
      case '(' -> group();
      case '{' -> {
        // Only a repetition is more than a brace.
        java.append(isRepetition() ? "{" : "\\{");
        at++;
      }
      default -> {
        java.append(c);
        at++;
      }
    }
  }

  private boolean isRepetition() {
    int end = regex.indexOf('}', at);
    return end > 0 && regex.substring(at + 1, end).matches("\\d+(,\\d*)?");
  }

  private void group() {
    if (regex.startsWith("(?P<", at)) {
      java.append("(?<");
      at += 4;
      return;
    }
    if (regex.startsWith("(?", at)) {
      for (int i = at + 2; i < regex.length() && isFlag(regex.charAt(i)); i++) {
        if (regex.charAt(i) == 'U') {
          throw new IllegalArgumentException("the flag U is not supported: " + regex);
        }
      }
    }
    java.append('(');
    at++;
  }

  private static boolean isFlag(char c) {
    return c == '-' || Character.isLetter(c);
  }

  private void escape() {
    if (at + 1 == regex.length()) {
      // Java says what is wrong with it.
      java.append('\\');
      at++;
      return;
    }
    char c = regex.charAt(at + 1);
    if (c == 'Q') {
      int end = regex.indexOf("\\E", at);
      int to = end < 0 ? regex.length() : end + 2;
      java.append(regex, at, to);
      at = to;
    } else if (c == 'C') {
      throw new IllegalArgumentException("\\C (one byte) is not supported: " + regex);
    } else if (c == 'v') {
      // To Java any vertical space.
      java.append("\\x0B");
      at += 2;
    } else if (c == 'p' || c == 'P') {
      property(c);
    } else {
      java.append('\\').append(c);
      at += 2;
    }
  }

  /** {@code \p{Greek}}, {@code \p{^Greek}} or {@code \pL}. */
  private void property(char sign) {
    int end = regex.startsWith("{", at + 2) ? regex.indexOf('}', at) : -1;
    if (end < 0) {
      java.append('\\').append(sign);
      at += 2;
      return;
    }
    String name = regex.substring(at + 3, end);
    boolean not = name.startsWith("^");
    name = not ? name.substring(1) : name;
    boolean negative = not != (sign == 'P');
    // Longer ones are scripts, which Java wants to be told; its own names keep their meaning.
    boolean script = name.length() > 2 && isScript(name);
    java.append(negative ? "\\P{" : "\\p{").append(script ? "Is" : "").append(name).append('}');
    at = end + 1;
  }

  private static boolean isScript(String name) {
    try {
      Character.UnicodeScript.forName(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A class in brackets: in Java brackets nest, and {@code &&} means both. */
  private void characters() {
    int begin = at;
    java.append('[');
    at++;
    if (regex.startsWith("^", at)) {
      java.append('^');
      at++;
    }
    boolean first = true;
    while (at < regex.length()) {
      char c = regex.charAt(at);
      if (c == ']' && !first) {
        java.append(']');
        at++;
        return;
      }
      first = false;
      if (c == '\\') {
        escape();
      } else if (regex.startsWith("[:", at) && regex.indexOf(":]", at + 2) > 0) {
        posix();
      } else {
        if (c == '[' || c == ']' || c == '&') {
          java.append('\\');
        }
        java.append(c);
        at++;
      }
    }
    throw new IllegalArgumentException(
        "missing closing ] in a regular expression: " + regex.substring(begin));
  }

  private void posix() {
    int end = regex.indexOf(":]", at + 2);
    String name = regex.substring(at + 2, end);
    boolean not = name.startsWith("^");
    String known = POSIX.get(not ? name.substring(1) : name);
    if (known == null) {
      throw new IllegalArgumentException("no such class of characters: [:" + name + ":]");
    }
    java.append('\\');
    java.append(not ? Character.toUpperCase(known.charAt(0)) : known.charAt(0));
    java.append(known, 1, known.length());
    at = end + 2;
  }
}
