package dev.watchtower.common.time;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as callers write them. */
public final class Times {
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal LATEST = new BigDecimal("253402300799");

  private Times() {}

  /**
   * A time in a parameter: as in RFC 3339, or seconds since the epoch, with a fraction if need be.
   *
   * @throws DateTimeException if it is neither, before 1970 or after the year 9999
   */
  public static Instant parse(String text) {
    if (isNumber(text)) {
      return Instant.ofEpochMilli(seconds(text).multiply(THOUSAND).longValue());
    }
    var time = OffsetDateTime.parse(text).toInstant();
    if (time.getEpochSecond() > LATEST.longValue() || time.isBefore(Instant.EPOCH)) {
      throw new DateTimeException("is out of range");
    }
    return time;
  }

  private static BigDecimal seconds(String text) {
    BigDecimal seconds;
    try {
      seconds = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new DateTimeException("is no number", e);
    }
    if (seconds.compareTo(LATEST) > 0) {
      throw new DateTimeException("is out of range");
    }
    return seconds;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 30
        && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }
}
