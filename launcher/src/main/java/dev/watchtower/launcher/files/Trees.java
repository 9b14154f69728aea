package dev.watchtower.launcher.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders with everything in them. */
public final class Trees {
  private Trees() {}

  /**
   * Deletes {@code root} and all below it; nothing happens where there is none. Links are not
   * followed.
   */
  public static void delete(Path root) throws IOException {
    if (Files.exists(root)) {
      try (var all = Files.walk(root)) {
        // A folder comes before what is in it, so backwards is right.
        for (var path : all.toList().reversed()) {
          Files.delete(path);
        }
      }
    }
  }
}
