package dev.watchtower.ingest.query;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Instants and durations as people and tools write them in requests. */
public final class Times {
  // Years 1 to 9999, so that arithmetic cannot overflow.
  private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();
  // As seconds this would be the year 5138, so it is meant as milliseconds.
  private static final double MILLIS_FROM = 1e11;

  private Times() {}

  /**
   * Milliseconds since the epoch of RFC 3339 text or of a number of seconds, with fraction.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static long promInstant(String text) {
    double seconds = Numbers.parse(text);
    if (Double.isFinite(seconds)) {
      return checked(Math.round(seconds * 1000), text);
    }
    try {
      return checked(OffsetDateTime.parse(text).toInstant().toEpochMilli(), text);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid timestamp", e);
    }
  }

  /**
   * The same, but a number may also be milliseconds, as clocks in browsers count.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static long instant(String text) {
    double number = Numbers.parse(text);
    return number >= MILLIS_FROM && Double.isFinite(number)
        ? checked((long) number, text)
        : promInstant(text);
  }

  /**
   * Milliseconds of a duration such as {@code 1m30s}, or of a number of seconds.
   *
   * @throws IllegalArgumentException if it is neither, or not positive
   */
  public static long duration(String text) {
    try {
      TokenCursor cursor = new TokenCursor(text);
      long millis = cursor.durationMillis();
      if (cursor.peek().kind() == Token.Kind.END) {
        return millis;
      }
    } catch (QueryException e) {
      throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid duration", e);
    }
    throw new IllegalArgumentException("cannot parse \"" + text + "\" to a valid duration");
  }

  private static long checked(long millis, String text) {
    if (millis < EARLIEST || millis > LATEST) {
      throw new IllegalArgumentException("the time " + text + " is out of range");
    }
    return millis;
  }
}
