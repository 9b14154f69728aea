package dev.watchtower.ingest.doors;

import java.math.BigDecimal;

/** Numbers as they stand in labels such as {@code le}, and as senders have them. */
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

  /** A number of 64 bits without sign, of which Java makes a negative one from 2^63 on. */
  public static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1) * 2.0;
  }
}
