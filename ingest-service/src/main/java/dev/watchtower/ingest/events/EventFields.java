package dev.watchtower.ingest.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of an event that say what, whose and when; each method refuses with the path of
 * what is wrong.
 */
final class EventFields {
  private static final int MAX_TEXT = 512;

  /** Parts of a nanosecond: RFC 3339 has any number of digits, and these are left out. */
  private static final Pattern FINER = Pattern.compile("(\\.\\d{9})\\d+");

  private EventFields() {}

  /**
   * A text that has to be there.
   *
   * @param path what stands before its name
   */
  static String text(JsonNode node, String name, String path) {
    var text = optional(node, name, path);
    if (text == null || text.isEmpty()) {
      throw new InvalidEventException(path + name, "is missing or empty");
    }
    return text;
  }

  /** A text, or null where there is none. */
  static @Nullable String optional(JsonNode node, String name, String path) {
    var value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new InvalidEventException(path + name, "expected a text");
    }
    return bounded(value.stringValue(), path + name);
  }

  /** The text, if it is not too long. */
  static String bounded(String text, String path) {
    if (text.length() > MAX_TEXT) {
      throw new InvalidEventException(path, "is longer than " + MAX_TEXT);
    }
    return text;
  }

  /** A time, or null where there is none. */
  static @Nullable Instant time(JsonNode node, String name, String path, Instant now) {
    var text = optional(node, name, path);
    if (text == null) {
      return null;
    }
    try {
      var time = OffsetDateTime.parse(FINER.matcher(text).replaceFirst("$1")).toInstant();
      if (time.isBefore(Instant.EPOCH) || time.isAfter(now.plusSeconds(86_400))) {
        throw new InvalidEventException(path + name, "expected a time from 1970 until tomorrow");
      }
      return time;
    } catch (DateTimeException e) {
      throw new InvalidEventException(path + name, "expected a time as in RFC 3339");
    }
  }
}
