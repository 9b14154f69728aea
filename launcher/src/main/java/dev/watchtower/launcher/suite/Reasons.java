package dev.watchtower.launcher.suite;

import java.io.UncheckedIOException;

/** What went wrong, in words for a person. */
public final class Reasons {
  private Reasons() {}

  /** The message of {@code fault}; with what the system said where a file is concerned. */
  public static String of(Exception fault) {
    var message = fault.getMessage();
    if (message == null) {
      return fault.toString();
    }
    if (fault instanceof UncheckedIOException && fault.getCause() instanceof Exception cause) {
      return message + ": " + of(cause);
    }
    return message;
  }
}
