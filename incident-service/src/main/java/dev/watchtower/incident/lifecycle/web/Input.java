package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Checks of texts that people send. */
public final class Input {
  private Input() {}

  /** A text, empty where there is none. */
  public static String text(String path, @Nullable String value, int max) {
    if (value == null) {
      return "";
    }
    if (value.length() > max) {
      throw Problem.badField(path, "at most " + max + " characters, not " + value.length());
    }
    if (value.indexOf('\0') >= 0) {
      throw Problem.badField(path, "must not contain the character zero");
    }
    return value;
  }

  /** A line that must say something. */
  public static String line(String path, @Nullable String value, int max) {
    var line = text(path, value, max).strip();
    if (line.isEmpty()) {
      throw Problem.badField(path, "must not be empty");
    }
    return line;
  }
}
