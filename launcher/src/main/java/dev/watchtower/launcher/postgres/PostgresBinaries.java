package dev.watchtower.launcher.postgres;

import dev.watchtower.launcher.files.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL server programs that come with Watchtower's dependencies.
 *
 * @param home the folder with {@code bin}, {@code lib} and {@code share}
 */
public record PostgresBinaries(Path home) {
  /** The major version of the programs. */
  public static final int MAJOR = 18;

  /** The version of the programs; a folder of its own for each, so that an update unpacks anew. */
  public static final String VERSION = "18.6";

  /** The program of that name. */
  public Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /**
   * The programs in {@code home}, unpacked there when they are not yet.
   *
   * @throws IOException if there are none for this system, or they cannot be written
   */
  public static PostgresBinaries unpackedIn(Path home) throws IOException {
    if (Files.exists(home)) {
      return new PostgresBinaries(home);
    }
    var resource = resource();
    try (var archive = PostgresBinaries.class.getResourceAsStream("/" + resource)) {
      if (archive == null) {
        throw new IOException(
            "there are no PostgreSQL programs for this system ("
                + resource
                + "); set WATCHTOWER_DB_URL to a server");
      }
      var part = home.resolveSibling(home.getFileName() + ".part");
      Trees.delete(part);
      unpack(archive, part);
      Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresBinaries(home);
  }

  private static String resource() {
    var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    if (os.startsWith("mac")) {
      return "postgres-darwin-" + (arm ? "arm_64" : "x86_64") + ".txz";
    }
    var musl = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
    return "postgres-linux-" + (arm ? "arm_64" : "x86_64") + musl + ".txz";
  }

  private static void unpack(InputStream archive, Path into) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into)) {
          throw new IOException("the archive leads out of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(target, into.resolve(entry.getLinkName()).normalize());
        } else {
          Files.copy(tar, target);
          boolean runs = target.getFileName() != null && (entry.getMode() & 0111) != 0;
          if (runs && !target.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make a program of " + target);
          }
        }
      }
    }
  }
}
