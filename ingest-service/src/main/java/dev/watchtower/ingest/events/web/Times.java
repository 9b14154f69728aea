package dev.watchtower.ingest.events.web;

import dev.watchtower.common.problem.Problem;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times in parameters. */
final class Times {
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal LATEST = new BigDecimal("253402300799");

  private Times() {}

  /** RFC 3339, or seconds since the epoch. */
  static Instant parse(String name, String text) {
    try {
      if (!text.isEmpty()
          && text.length() < 30
          && text.chars().allMatch(c -> c == '.' || Character.isDigit(c))) {
        var seconds = new BigDecimal(text);
        if (seconds.compareTo(LATEST) > 0) {
          throw Problem.badField(name, "is out of range");
        }
        return Instant.ofEpochMilli(seconds.multiply(THOUSAND).longValue());
      }
      var time = OffsetDateTime.parse(text).toInstant();
      if (time.getEpochSecond() > LATEST.longValue() || time.isBefore(Instant.EPOCH)) {
        throw Problem.badField(name, "is out of range");
      }
      return time;
    } catch (DateTimeException | NumberFormatException e) {
      throw Problem.badField(name, "expected a time as in RFC 3339, or seconds since the epoch");
    }
  }
}
