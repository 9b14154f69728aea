package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.JavaRuns;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.suite.SuiteStatus;
import dev.watchtower.launcher.supervisor.http.SupervisorClient;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the supervisor as a process of its own and follows it until the suite is up. */
final class Detached {
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final int SHOWN_LINES = 15;

  /** The exit code of a supervisor that was told to end, as {@code down} does. */
  private static final int TERMINATED = 128 + 15;

  private final Shell shell;
  private final Plan plan;
  private final List<String> arguments;

  Detached(Shell shell, Plan plan, List<String> arguments) {
    this.shell = shell;
    this.plan = plan;
    this.arguments = List.copyOf(arguments);
  }

  int start() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    // What ends it before it can keep its log.
    var printed = shell.layout().run().resolve("supervisor.out");
    Files.createDirectories(shell.layout().run());
    var builder =
        new ProcessBuilder(command())
            .directory(shell.layout().root().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(printed.toFile());
    builder.environment().putAll(shell.layout().environment());
    var daemon = builder.start();
    var checklist = new Checklist(shell.out(), plan);
    SupervisorClient client = null;
    var waitsFor = "";
    long goesOnSince = begin;
    while (System.nanoTime() - goesOnSince < LIMIT.toNanos()) {
      // Ends early when the supervisor does, so this is the pause as well.
      if (daemon.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Refusal(
            daemon.exitValue() == TERMINATED
                ? "Watchtower was taken down while it started: ./watchtower up starts it again."
                : end(printed));
      }
      if (client == null) {
        client = client(daemon.pid());
        continue;
      }
      SuiteStatus status;
      try {
        checklist.show(Checklist.rowsOf(client.processes()), begin);
        status = client.suite(SuiteStatus.class);
      } catch (SocketTimeoutException | SocketException e) {
        // While everything starts at once the machine may be too busy for an answer; or it ends.
        continue;
      }
      if (!status.settled() && !status.detail().isEmpty()) {
        // The supervisor knows how long that may take.
        goesOnSince = System.nanoTime();
        if (!status.detail().equals(waitsFor)) {
          waitsFor = status.detail();
          checklist.note(waitsFor);
        }
      }
      if (status.settled()) {
        var rows = Checklist.rowsOf(client.processes());
        checklist.show(rows, begin);
        return settled(status, rows, begin);
      }
    }
    var rows = client == null ? List.<Checklist.Row>of() : Checklist.rowsOf(client.processes());
    new Greeting(shell, plan).print(SuiteStatus.starting(""), rows, System.nanoTime() - begin);
    throw new Refusal("Watchtower is still not up; ./watchtower status shows what is missing.");
  }

  private int settled(SuiteStatus status, List<Checklist.Row> rows, long begin) throws IOException {
    new Greeting(shell, plan).print(status, rows, System.nanoTime() - begin);
    if (status.phase().equals("FAILED")) {
      throw new Refusal(
          status.detail() + "\nWhat runs goes on running; ./watchtower down ends it.");
    }
    shell.out().println("./watchtower down ends Watchtower.");
    return 0;
  }

  private @Nullable SupervisorClient client(long pid) throws IOException {
    var owner = RunLock.announced(shell.layout());
    return owner.filter(o -> o.pid() == pid && o.port() > 0).map(shell::supervisor).orElse(null);
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.addAll(
        List.of(
            JavaRuns.java(),
            "-Xmx48m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-Dwatchtower.root=" + shell.layout().root(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.watchtower.launcher.Launcher",
            "supervise"));
    command.addAll(arguments);
    return command;
  }

  private static String end(Path printed) throws IOException {
    var lines = Files.readAllLines(printed);
    return lines.isEmpty()
        ? "The supervisor ended at once and said nothing."
        : String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }
}
