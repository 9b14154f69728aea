package dev.watchtower.ingest.series;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label, as in a selector. A label that is absent has the empty value.
 *
 * @param value the text, or for {@code RE} and {@code NRE} a regular expression that must match the
 *     whole value
 */
public record Matcher(String name, Op op, String value) {

  /** How the label is compared. */
  public enum Op {
    /** {@code =} */
    EQ,
    /** {@code !=} */
    NE,
    /** {@code =~} */
    RE,
    /** {@code !~} */
    NRE
  }

  /** Steps that one match of a regular expression may take, so that none can stop the service. */
  private static final int STEP_LIMIT = 200_000;

  /**
   * @throws IllegalArgumentException if the regular expression is wrong
   */
  public Matcher {
    if (op == Op.RE || op == Op.NRE) {
      compile(value);
    }
  }

  /** {@code name="value"}. */
  public static Matcher eq(String name, String value) {
    return new Matcher(name, Op.EQ, value);
  }

  /**
   * The condition as a test of the label's value (empty when absent). Make it once and use it for
   * many values; it may be used by several threads. It throws {@link IllegalArgumentException} for
   * a regular expression that takes too many steps.
   */
  public Predicate<String> test() {
    return switch (op) {
      case EQ -> value::equals;
      case NE -> text -> !value.equals(text);
      case RE -> regex(compile(value));
      case NRE -> regex(compile(value)).negate();
    };
  }

  private Predicate<String> regex(Pattern pattern) {
    return text -> matches(CountedText.matcher(pattern, text, value), value);
  }

  private static boolean matches(java.util.regex.Matcher matcher, String regex) {
    try {
      return matcher.matches();
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("the regular expression nests too deeply: " + regex, e);
    }
  }

  /**
   * Finds what the groups of a regular expression match in a whole text; gives null where it does
   * not match, and throws {@link IllegalArgumentException} where it takes too many steps.
   *
   * @throws IllegalArgumentException if the regular expression is wrong
   */
  public static Function<String, @Nullable MatchResult> finder(String regex) {
    var pattern = compile(regex);
    return text -> {
      var matcher = CountedText.matcher(pattern, text, regex);
      return matches(matcher, regex) ? matcher.toMatchResult() : null;
    };
  }

  private static Pattern compile(String regex) {
    try {
      return Pattern.compile(Re2Syntax.toJava(regex), Pattern.DOTALL | Pattern.UNICODE_CASE);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new IllegalArgumentException("not a regular expression: " + regex, e);
    }
  }

  /** Text that stops a runaway match: java.util.regex has no limit of its own. */
  private static final class CountedText implements CharSequence {
    private final String text;
    private final String regex;
    private int steps;

    private CountedText(String text, String regex) {
      this.text = text;
      this.regex = regex;
    }

    /** Matches the text, before which stands a character to look at. */
    static java.util.regex.Matcher matcher(Pattern pattern, String text, String regex) {
      return pattern
          .matcher(new CountedText('\0' + text, regex))
          .region(1, text.length() + 1)
          .useTransparentBounds(true);
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEP_LIMIT) {
        throw new IllegalArgumentException("the regular expression takes too long: " + regex);
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
