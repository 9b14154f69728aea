package dev.watchtower.launcher.suite;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** What went wrong, in words for a person. */
public final class Reasons {
  private Reasons() {}

  /** The message of {@code fault}; with what the system said where a file is concerned. */
  public static String of(Exception fault) {
    return switch (fault) {
      case UncheckedIOException io when io.getCause() != null ->
          io.getMessage() + ": " + of(io.getCause());
      case AccessDeniedException a -> a.getFile() + " may not be read or written by this user";
      case NoSuchFileException n -> n.getFile() + " is not there";
      case FileAlreadyExistsException f -> f.getFile() + " is there already";
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }
}
