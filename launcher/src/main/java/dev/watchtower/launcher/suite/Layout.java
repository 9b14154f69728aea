package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.supervisor.ProcessRecords;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where everything is on disk.
 *
 * @param root the folder of the project, with {@code mvnw} and the modules
 * @param data what Watchtower keeps between runs, {@code .watchtower} unless told otherwise
 * @param catalog what is watched, {@code config/watchtower.yaml} unless told otherwise
 * @param programs extracted jars, class caches and PostgreSQL's programs, {@code run} below the
 *     data unless told otherwise; layouts may share them
 */
public record Layout(Path root, Path data, Path catalog, Path programs) {
  public Layout {
    root = root.toAbsolutePath().normalize();
    data = root.resolve(data).normalize();
    catalog = root.resolve(catalog).normalize();
    programs = root.resolve(programs).normalize();
  }

  /** A layout with programs of its own. */
  public Layout(Path root, Path data, Path catalog) {
    this(root, data, catalog, data.resolve("run"));
  }

  /** The usual layout below {@code root}. */
  public static Layout in(Path root) {
    return new Layout(root, Path.of(".watchtower"), Path.of("config", "watchtower.yaml"));
  }

  /**
   * The layout below {@code root} as the environment changes it.
   *
   * @param environment WATCHTOWER_DATA_DIR and WATCHTOWER_CATALOG are looked up in it
   */
  public static Layout in(Path root, Map<String, String> environment) {
    var usual = in(root);
    var data = environment.getOrDefault("WATCHTOWER_DATA_DIR", "");
    var catalog = environment.getOrDefault("WATCHTOWER_CATALOG", "");
    return new Layout(
        root,
        data.isBlank() ? usual.data() : Path.of(data),
        catalog.isBlank() ? usual.catalog() : Path.of(catalog));
  }

  /** What makes another process see the same layout. */
  public Map<String, String> environment() {
    return Map.of("WATCHTOWER_DATA_DIR", data.toString(), "WATCHTOWER_CATALOG", catalog.toString());
  }

  /** Keys and secrets, readable by their owner only. */
  public Path keys() {
    return data.resolve("keys");
  }

  /** What the processes print. */
  public Path logs() {
    return data.resolve("logs");
  }

  /** What can be made anew at any time: pids, locks, logs of builds. */
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

  /** The pid of a training run for class caches, while there is one. */
  public ProcessRecords trainingRecords() {
    return new ProcessRecords(run().resolve("training-process"), data);
  }

  /** The pids of the supervised processes. */
  public ProcessRecords processRecords() {
    return new ProcessRecords(run().resolve("processes"), data);
  }
}
