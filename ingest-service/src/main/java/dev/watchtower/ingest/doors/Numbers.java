package dev.watchtower.ingest.doors;

import java.math.BigDecimal;

/** Numbers as they stand in labels such as {@code le}. */
public final class Numbers {
  private Numbers() {}

  /** The shortest text, without exponent: {@code 0.005}, {@code 10}, {@code +Inf}. */
  public static String text(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == 0
        ? "0"
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
