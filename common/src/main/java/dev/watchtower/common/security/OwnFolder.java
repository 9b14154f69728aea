package dev.watchtower.common.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders that no other user of this machine may enter, whatever the files in them allow. */
public final class OwnFolder {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private OwnFolder() {}

  /**
   * Makes {@code folder} where it is absent, and takes everybody else's rights away where it is
   * there.
   *
   * @return false if the rights cannot be set, because it belongs to somebody else or the file
   *     system knows no such rights
   * @throws IOException if it cannot be made
   */
  public static boolean make(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      if (!OWNER.containsAll(Files.getPosixFilePermissions(folder))) {
        Files.setPosixFilePermissions(folder, OWNER);
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
