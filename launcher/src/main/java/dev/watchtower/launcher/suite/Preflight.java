package dev.watchtower.launcher.suite;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogException;
import dev.watchtower.common.catalog.CatalogFiles;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.launcher.postgres.PostgresBinaries;
import dev.watchtower.launcher.postgres.PostgresServer;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What has to be right before anything is started; each fault is told in one sentence. */
public final class Preflight {
  /** The least room on disk with which we start. */
  public static final long LEAST_FREE_BYTES = 1L << 30;

  private static final int JAVA = 25;

  private final Layout layout;
  private final Plan plan;

  /** The checks for starting {@code plan} in {@code layout}. */
  public Preflight(Layout layout, Plan plan) {
    this.layout = layout;
    this.plan = plan;
  }

  /**
   * All checks but those of the ports.
   *
   * @throws Refusal if something is wrong
   */
  public void check() throws IOException {
    javaVersion(Runtime.version().feature());
    Files.createDirectories(layout.data());
    room(Files.getFileStore(layout.data()).getUsableSpace());
    if (plan.has(Component.INGEST)) {
      var unused = JavaRuns.ingestHeap();
    }
    if (plan.has(Component.POSTGRES)) {
      dataVersion(PostgresServer.majorOf(layout.postgres()));
    }
    catalog();
  }

  /**
   * The catalog that the services will read, its OpenSLO files included.
   *
   * @throws Refusal with every fault of it, a line each
   */
  public Catalog catalog() {
    var file = layout.catalog();
    if (!Files.isReadable(file)) {
      throw new Refusal("The catalog " + file + " is not there or cannot be read.");
    }
    try {
      return new CatalogFiles(file, new CatalogParser(System::getenv)).read();
    } catch (CatalogException e) {
      throw new Refusal("The catalog is wrong:\n" + String.join("\n", e.lines()), e);
    }
  }

  /**
   * Checks that nobody else runs a server on our database; ours are ended by then.
   *
   * @throws Refusal naming its pid
   */
  public void database() throws IOException {
    var holder =
        plan.has(Component.POSTGRES)
            ? PostgresServer.holder(layout.postgres())
            : Optional.<ProcessHandle>empty();
    if (holder.isPresent()) {
      throw new Refusal(
          "A PostgreSQL server%s (pid %d) runs on the database in %s already: end it first."
              .formatted(
                  holder.get().info().user().map(user -> " of the user " + user).orElse(""),
                  holder.get().pid(),
                  layout.postgres()));
    }
  }

  /**
   * Checks that every port is free.
   *
   * @throws Refusal naming those that are not
   */
  public void ports() {
    var wanted = new LinkedHashMap<String, Integer>();
    wanted.put("the supervisor", plan.supervisorPort());
    plan.components().forEach(c -> wanted.put(c.id(), plan.port(c)));
    var taken = new ArrayList<String>();
    wanted.forEach((name, port) -> {
      if (!free(port)) {
        taken.add(port + " (" + name + ")");
      }
    });
    if (!taken.isEmpty()) {
      throw new Refusal(
          (taken.size() == 1 ? "Port " : "Ports ")
              + String.join(", ", taken)
              + (taken.size() == 1 ? " is" : " are")
              + " taken by another program: stop it, or start with --port-offset 1000.");
    }
  }

  /**
   * Ends what a supervisor that was killed has left running.
   *
   * @param progress told what takes long, and that the directory is a copy
   * @return the names of the processes that were ended
   */
  public static List<String> endOrphans(Layout layout, Consumer<String> progress)
      throws IOException, InterruptedException {
    var ended = new ArrayList<String>();
    if (layout.processRecords().copied()) {
      progress.accept(
          "This data directory is a copy of one that Watchtower ran in: what runs there is left alone.");
    }
    endOrphans(layout.trainingRecords(), progress, ended);
    endOrphans(layout.processRecords(), progress, ended);
    return List.copyOf(ended);
  }

  private static void endOrphans(
      ProcessRecords records, Consumer<String> progress, List<String> ended)
      throws IOException, InterruptedException {
    // The database is recorded first and has to go last.
    for (var entry : records.read().reversed()) {
      var process = entry.process();
      if (process.isPresent()) {
        boolean database = entry.name().equals(Component.POSTGRES.id());
        var signal = database ? EndSignal.INT : EndSignal.TERM;
        if (!Signals.endNow(
            process.get(), signal, () -> progress.accept(stillEnding(entry.name(), signal)))) {
          throw new Refusal(
              entry.name()
                  + " still runs as pid "
                  + entry.pid()
                  + " from before and cannot be ended.");
        }
        ended.add(entry.name());
      }
    }
    records.write(List.of());
  }

  private static String stillEnding(String name, EndSignal signal) {
    return "%s is still ending; it is given up to %d s."
        .formatted(name, signal.grace().toSeconds());
  }

  static void javaVersion(int feature) {
    if (feature < JAVA) {
      throw new Refusal(
          "Watchtower needs Java " + JAVA + " or newer, this is Java " + feature + ".");
    }
  }

  static void room(long freeBytes) {
    if (freeBytes < LEAST_FREE_BYTES) {
      throw new Refusal(
          "There are only "
              + (freeBytes >> 20)
              + " MB left on the disk, and Watchtower needs 1024 MB to start: make room.");
    }
  }

  static void dataVersion(int major) {
    if (major != 0 && major != PostgresBinaries.MAJOR) {
      throw new Refusal(
          "The database in the data directory was written by PostgreSQL "
              + (major < 0 ? "of an unknown version" : major)
              + ", and this is PostgreSQL "
              + PostgresBinaries.MAJOR
              + ": move .watchtower/pg away to start with an empty one, or run the Watchtower that wrote it.");
    }
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
