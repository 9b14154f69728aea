package dev.watchtower.launcher.suite;

import java.nio.file.Path;

/**
 * Where everything is on disk.
 *
 * @param root the folder of the project, with {@code mvnw} and the modules
 * @param data what Watchtower keeps between runs, {@code .watchtower} unless told otherwise
 */
public record Layout(Path root, Path data) {
  public Layout {
    root = root.toAbsolutePath().normalize();
    data = root.resolve(data).normalize();
  }

  /** Keys and secrets, readable by their owner only. */
  public Path keys() {
    return data.resolve("keys");
  }

  /** What the processes print. */
  public Path logs() {
    return data.resolve("logs");
  }

  /** What can be made anew at any time: unpacked programs, AOT caches, pids. */
  public Path run() {
    return data.resolve("run");
  }

  /** The embedded database. */
  public Path postgres() {
    return data.resolve("pg");
  }

  /**
   * The first password of the administrator, written by monitor-service, until it has been shown.
   */
  public Path firstPassword() {
    return data.resolve("monitor").resolve("first-password");
  }

  /** The catalog. */
  public Path catalog() {
    var set = System.getenv("WATCHTOWER_CATALOG");
    return root.resolve(set == null || set.isBlank() ? "config/watchtower.yaml" : set);
  }

  /** The pids of the supervised processes. */
  public Path processes() {
    return run().resolve("processes");
  }
}
