package dev.watchtower.ingest.query;

import java.math.BigDecimal;

/** Numbers as Prometheus writes and reads them. */
public final class Numbers {
  /** With these it may begin. */
  private static final String BEGIN = "0123456789+-.NI";

  /** What only Java takes for a number ends with one of these. */
  private static final String JAVA_ONLY = "dDfF";

  private Numbers() {}

  /**
   * The shortest text that reads back as the same number: {@code 0.5}, {@code +Inf}, {@code NaN}.
   */
  public static String format(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    double size = Math.abs(value);
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    if (size == Math.rint(size) && size < 1e15) {
      return Long.toString((long) value);
    }
    return size < 1e-6 || size >= 1e21 ? scientific(exact(value)) : exact(value).toPlainString();
  }

  /** The same without an exponent, as {@code count_values} writes it. */
  static String plain(double value) {
    return Double.isFinite(value) && value != 0 ? exact(value).toPlainString() : format(value);
  }

  private static BigDecimal exact(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }

  private static String scientific(BigDecimal value) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - value.scale();
    return (value.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** Reads a number such as {@code 0.5}, {@code +Inf} or {@code 1e3}; NaN if it is none. */
  public static double parse(String text) {
    return switch (text) {
      case "+Inf", "Inf", "+inf", "inf" -> Double.POSITIVE_INFINITY;
      case "-Inf", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        // Mostly no number is none at all, and an exception takes long: a label that is not there.
        if (text.isEmpty()
            || BEGIN.indexOf(text.charAt(0)) < 0
            || JAVA_ONLY.indexOf(text.charAt(text.length() - 1)) >= 0
            || !text.equals(text.strip())) {
          yield Double.NaN;
        }
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          // Not a number is an answer here, not a fault: the caller decides.
          yield Double.NaN;
        }
      }
    };
  }
}
