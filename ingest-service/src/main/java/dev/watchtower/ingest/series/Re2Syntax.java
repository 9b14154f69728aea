package dev.watchtower.ingest.series;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Regular expressions as Prometheus has them (RE2) in the words of {@code java.util.regex}. Most is
 * the same; what Java would take for something else, and silently match otherwise, is written
 * another way, and what it cannot do is refused by name. What only Java knows stays allowed, but
 * for what would let a search go on for ever.
 */
final class Re2Syntax {
  /** Matches everywhere, by a look at the character before: so that what reads none is counted. */
  private static final String LOOK = "(?<!\\uFFFF)";

  private static final Pattern COUNTS = Pattern.compile("\\{(\\d+)(?:,(\\d+)?)?}");

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
  private final Repetitions repetitions;
  private int at;

  private Re2Syntax(String regex) {
    this.regex = regex;
    this.repetitions = new Repetitions(regex);
  }

  /**
   * The same expression for Java. Wherever a search may take another way it looks at the character
   * before, which has to be there: a search that reads as many characters as it has taken steps can
   * be ended.
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
      case '*', '+', '?' -> repetition(at + 1, 1);
      case '{' -> {
        java.util.regex.Matcher counts = COUNTS.matcher(regex).region(at, regex.length());
        if (counts.lookingAt()) {
          String most = counts.group(2) == null ? counts.group(1) : counts.group(2);
          repetition(counts.end(), Repetitions.count(most));
        } else {
          // Only a repetition is more than a brace.
          java.append("\\{");
          at++;
          repetitions.item(false);
        }
      }
      case '|' -> {
        java.append(LOOK).append('|');
        at++;
        repetitions.item(false);
      }
      case ')' -> {
        java.append(')');
        at++;
        repetitions.close();
      }
      default -> {
        java.append(c);
        at++;
        repetitions.item(c == '^' || c == '$');
      }
    }
  }

  /** With the sign behind it that makes it reluctant or possessive. */
  private void repetition(int end, int most) {
    int to = end < regex.length() && "?+".indexOf(regex.charAt(end)) >= 0 ? end + 1 : end;
    java.append(regex, at, to);
    at = to;
    if (repetitions.times(most)) {
      java.append(LOOK);
    }
  }

  private void group() {
    repetitions.open();
    if (regex.startsWith("(?P<", at)) {
      java.append("(?<");
      at += 4;
      return;
    }
    if (regex.startsWith("(?", at)) {
      for (int i = at + 2; i < regex.length() && isFlag(regex.charAt(i)); i++) {
        if (regex.charAt(i) == 'U' || regex.charAt(i) == 'x') {
          throw new IllegalArgumentException(
              "the flag " + regex.charAt(i) + " is not supported: " + regex);
        }
      }
      java.append("(?");
      at += 2;
      return;
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
      if (to - at > "\\Q\\E".length()) {
        repetitions.item(false);
      }
      at = to;
      return;
    }
    repetitions.item("bBAGZz".indexOf(c) >= 0);
    if (c == 'C') {
      throw new IllegalArgumentException("\\C (one byte) is not supported: " + regex);
    } else if (c == 'v') {
      // To Java any vertical space.
      java.append("\\x0B");
      at += 2;
    } else if (c == 'p' || c == 'P') {
      property(c);
    } else if (c == 'x' && regex.startsWith("{", at + 2) && regex.indexOf('}', at) > 0) {
      // The number of a character, not of repetitions.
      int to = regex.indexOf('}', at) + 1;
      java.append(regex, at, to);
      at = to;
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
        repetitions.item(false);
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
