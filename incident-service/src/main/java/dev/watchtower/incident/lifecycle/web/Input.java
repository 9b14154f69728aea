package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.Texts;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Checks of texts and times that people send. */
public final class Input {
  private static final Instant TOO_LATE = Instant.parse("9999-12-31T00:00:00Z");
  private static final String OUT_OF_RANGE = "must lie between the years 1970 and 9999";

  private Input() {}

  /** A text, empty where there is none. */
  public static String text(String path, @Nullable String value, int max) {
    if (value == null) {
      return "";
    }
    if (value.length() > max) {
      throw Problem.badField(path, "at most " + max + " characters, not " + value.length());
    }
    return Texts.storable(path, value);
  }

  /** A time that the database can hold, with a wide margin; null where there is none. */
  public static @Nullable Instant time(String path, @Nullable Instant value) {
    if (value != null && (value.isBefore(Instant.EPOCH) || !value.isBefore(TOO_LATE))) {
      throw Problem.badField(path, OUT_OF_RANGE);
    }
    return value;
  }

  /** The same for a day in ISO form; null where the text is absent or empty. */
  public static @Nullable LocalDate day(String path, @Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    LocalDate day;
    try {
      day = LocalDate.parse(value.strip());
    } catch (DateTimeParseException e) {
      throw Problem.badField(path, "expected a day such as 2026-03-02");
    }
    if (day.getYear() < 1970 || day.getYear() > 9999) {
      throw Problem.badField(path, OUT_OF_RANGE);
    }
    return day;
  }

  /** A line that must say something. */
  public static String line(String path, @Nullable String value, int max) {
    var line = text(path, value, max).strip();
    if (line.isEmpty()) {
      throw Problem.badField(path, "must not be empty");
    }
    return line;
  }

  /** A line that names something, such as a service, and shows as what it is. */
  public static String name(String path, @Nullable String value, int max) {
    return Texts.plain(path, line(path, value, max));
  }
}
