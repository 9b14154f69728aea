package dev.watchtower.launcher.suite;

import dev.watchtower.launcher.http.HealthProbe;
import dev.watchtower.launcher.postgres.jdbc.SchemaRoles;
import dev.watchtower.launcher.supervisor.OwnSession;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the caches of loaded and linked classes (JEP 483, 514) that halve the time to start: each
 * module is run once beside the suite, at the lowest priority, on a scratch database and with no
 * peers, put through its {@link Rehearsal} when it is ready, and ended. The next start uses what
 * came of it. A cache belongs to one jar, and goes with its folder when that is built anew, and to
 * one Java: one that an update of it has left is removed.
 */
final class AotTraining implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration END_LIMIT = Duration.ofMinutes(5);
  private static final String SCRATCH = "watchtower_training";

  private final Layout layout;
  private final Plan plan;
  private final Environment environment;
  private final @Nullable SchemaRoles roles;
  private final Rehearsal.Source rehearsals;
  private final Clock clock;
  private final JavaRuns runs;
  private final ProcessRecords records;
  private final Thread thread;
  private volatile @Nullable Process process;
  private volatile boolean closed;

  AotTraining(
      Layout layout,
      Plan plan,
      Environment environment,
      @Nullable SchemaRoles roles,
      Rehearsal.Source rehearsals,
      Clock clock) {
    this.rehearsals = rehearsals;
    this.clock = clock;
    this.layout = layout;
    this.plan = plan;
    this.environment = environment;
    this.roles = roles;
    this.runs = new JavaRuns(layout);
    this.records = layout.trainingRecords();
    this.thread = Thread.ofPlatform().daemon().name("aot-training").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    var running = process;
    if (running != null) {
      end(running);
    }
  }

  private static void end(Process running) {
    running.descendants().forEach(ProcessHandle::destroyForcibly);
    running.destroyForcibly();
  }

  /** Makes what is missing, on the caller's thread. */
  void run() {
    var missing = plan.modules().stream().filter(m -> !Files.exists(runs.cache(m))).toList();
    try {
      for (var module : plan.modules()) {
        runs.removeStaleCaches(module);
      }
      if (missing.isEmpty()) {
        return;
      }
      if (roles != null) {
        roles.drop(SCRATCH);
        roles.provide(SCRATCH, environment.roles());
      }
      for (var module : missing) {
        if (!closed) {
          train(module);
        }
      }
      if (roles != null && !closed) {
        roles.drop(SCRATCH);
      }
    } catch (IOException e) {
      // Without a cache everything works, only slower: said, not more.
      System.err.println("the class caches could not be made: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void train(String module) throws IOException, InterruptedException {
    // Without a scratch database a service that needs one stores nothing.
    boolean able = roles != null || component(module).schema().isEmpty();
    var rehearsal = able ? rehearsals.of(module) : Rehearsal.NONE;
    var part = runs.folder(module).resolve("app.aot.part");
    Files.deleteIfExists(part);
    int port = freePort();
    var builder =
        new ProcessBuilder(OwnSession.behindAll(runs.training(module, part)))
            .directory(layout.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(layout.logs().resolve("aot-" + module + ".log").toFile());
    // Spring's own names of what is set below.
    builder.environment().keySet().removeIf(n -> n.startsWith("SPRING_"));
    builder.environment().putAll(environment(module, port));
    builder.environment().putAll(rehearsal.environment());
    var started = builder.start();
    process = started;
    // Found by it when this supervisor is killed: a service of its own that nobody would end.
    records.write(List.of(ProcessRecords.Entry.of("training-" + module, started.toHandle())));
    boolean ready;
    try {
      started.getOutputStream().close();
      ready = ready(started, port);
      if (ready) {
        rehearse(module, rehearsal, port);
      }
      started.destroy();
      boolean unused = started.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      // Also where an exception ends this: nobody else would look after it.
      end(started);
    }
    records.write(List.of());
    if (!closed && ready && Files.exists(part) && Files.size(part) > 0) {
      Files.move(part, runs.cache(module), StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.deleteIfExists(part);
    }
  }

  private void rehearse(String module, Rehearsal rehearsal, int port)
      throws IOException, InterruptedException {
    var tokens = RunningSuite.tokens(scratchData().resolve("keys"), clock);
    var audience = component(module).id();
    try {
      rehearsal.perform(port, () -> tokens.tokenFor(audience));
    } catch (IOException e) {
      if (!closed) {
        System.err.println("the rehearsal of " + module + " was cut short: " + e.getMessage());
      }
    }
  }

  private boolean ready(Process started, int port) throws InterruptedException {
    // Without a scratch database it can only come to life, not become ready.
    var probe = new HealthProbe(port, roles == null ? HealthProbe.LIVENESS : HealthProbe.READINESS);
    long end = System.nanoTime() + READY_LIMIT.toNanos();
    while (System.nanoTime() < end) {
      // Ends early when the process does, so this is the pause between two probes as well.
      if (started.waitFor(1, TimeUnit.SECONDS)) {
        return false;
      }
      if (probe.getAsBoolean()) {
        return true;
      }
    }
    return false;
  }

  private Map<String, String> environment(String module, int port) throws IOException {
    var component = component(module);
    var all = new HashMap<>(environment.of(component));
    // Nobody is to be reached from a training run: no peer, no channel, no model. The names of the
    // channels' variables are the catalog's matter; Spring's names win over a file of settings.
    all.replaceAll((name, value) -> name.endsWith("_URL") ? "http://127.0.0.1:9" : value);
    all.put("SERVER_PORT", Integer.toString(port));
    all.put("WATCHTOWER_DATA_DIR", scratchData().toString());
    all.put("WATCHTOWER_SILENT", "true");
    for (var name :
        List.of(
            "DISCORD_WEBHOOK_URL",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "SPRING_AI_OPENAI_API_KEY",
            "SPRING_AI_OPENAI_BASE_URL")) {
      all.put(name, "");
    }
    all.put("WATCHTOWER_DB_URL", "jdbc:postgresql://127.0.0.1:9/none");
    if (roles != null && !component.schema().isEmpty()) {
      all.putAll(environment.database(component.schema(), SCRATCH));
    }
    return all;
  }

  private Component component(String module) {
    return plan.components().stream()
        .filter(c -> c.module().equals(module))
        .findFirst()
        .orElseThrow();
  }

  private Path scratchData() throws IOException {
    var folder = layout.run().resolve("training");
    Files.createDirectories(folder);
    return folder;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
