package dev.watchtower.common.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Servers of their own for tests that harm one or stop it. The first in a JVM makes its data
 * directory; those of all others begin as copies of it, which is quicker.
 */
public final class FreshCluster {
  private static @Nullable Path template;

  private FreshCluster() {}

  /**
   * A server on a data directory, which keeps what is in it when the server is closed. May be
   * called by any thread; an empty or missing directory is filled first.
   *
   * @throws IOException if the directory cannot be filled
   */
  public static synchronized EmbeddedPostgres.Builder on(Path data) throws IOException {
    var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return builder;
    }
    if (template == null) {
      return builder.setDataDirectoryCustomizer(made -> keep(made.toPath()));
    }
    copy(template, data);
    return builder;
  }

  /** Called between the making of the directory and the start of the server on it. */
  private static synchronized void keep(Path made) {
    if (template != null) {
      return;
    }
    try {
      var directory = Files.createTempDirectory("postgres-template");
      var copy = directory.resolve("data");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      copy(made, copy);
      template = copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the rights of each file: the server refuses a directory that others may read. */
  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        if (!file.endsWith("epg-lock")) {
          Files.copy(
              file,
              to.resolve(from.relativize(file)),
              StandardCopyOption.COPY_ATTRIBUTES,
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
