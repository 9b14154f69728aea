package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.supervisor.Memory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code status}: every process with its pid, port, health, restarts and memory. */
@Command(
    name = "status",
    description = "Shows every process; ends with 0 when all are healthy, else with 3.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final int NOT_ALL_HEALTHY = 3;
  private static final String FORMAT = "%-11s %-8s %-6s %-10s %8s %9s  %s%n";

  private final Shell shell;

  StatusCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var owner = RunLock.owner(shell.layout());
    if (owner.isEmpty()) {
      shell.out().println("Watchtower is not running.");
      for (var left : shell.layout().processRecords().read()) {
        if (left.process().isPresent()) {
          shell
              .out()
              .println(
                  "  left over from a killed supervisor: "
                      + left.name()
                      + " (pid "
                      + left.pid()
                      + "); ./watchtower down ends it");
        }
      }
      return NOT_ALL_HEALTHY;
    }
    var now = shell.clock().instant();
    var all = shell.supervisor(owner.get()).processes();
    var out = shell.out();
    out.printf(FORMAT, "NAME", "PID", "PORT", "STATE", "RESTARTS", "MEMORY", "SINCE");
    long sum = 0;
    for (var process : all) {
      sum += process.residentBytes();
      out.printf(
          FORMAT,
          process.name(),
          process.pid() == null ? "-" : process.pid(),
          process.port(),
          process.state().toLowerCase(Locale.ROOT).replace('_', '-'),
          process.restarts(),
          megabytes(process.residentBytes()),
          ago(process.since(), now));
    }
    long own = owner.get().process().map(Memory::ownResidentBytes).orElse(0L);
    out.printf(
        FORMAT,
        "supervisor",
        owner.get().pid(),
        owner.get().port(),
        "running",
        "-",
        megabytes(own),
        "");
    out.printf("memory in all: %s%n", megabytes(sum + own));
    return all.stream().allMatch(p -> p.state().equals("HEALTHY")) ? 0 : NOT_ALL_HEALTHY;
  }

  private static String megabytes(long bytes) {
    return bytes == 0 ? "-" : (bytes >> 20) + " MB";
  }

  static String ago(@Nullable Instant since, Instant now) {
    if (since == null) {
      return "-";
    }
    var past = Duration.between(since, now);
    if (past.toDays() > 0) {
      return past.toDays() + " d " + past.toHoursPart() + " h";
    }
    if (past.toHours() > 0) {
      return past.toHours() + " h " + past.toMinutesPart() + " min";
    }
    return past.toMinutes() > 0
        ? past.toMinutes() + " min " + past.toSecondsPart() + " s"
        : Math.max(0, past.toSeconds()) + " s";
  }
}
