package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code down}: ends everything, the database last. */
@Command(
    name = "down",
    description = "Ends Watchtower; what it has stored stays.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  /** The supervisor kills the last process earlier. */
  private static final Duration LIMIT = EndSignal.INT.grace().plusSeconds(75);

  private final Shell shell;

  DownCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var owner = RunLock.owner(shell.layout());
    if (owner.isPresent()) {
      var process =
          owner
              .get()
              .process()
              .orElseThrow(() ->
                  new Refusal("Watchtower is only just starting: try again in a few seconds."));
      if (!process.destroy() && process.isAlive()) {
        throw new Refusal(
            "The supervisor (pid %d) belongs to %s: only that user can end it."
                .formatted(process.pid(), process.info().user().orElse("another user")));
      }
      if (!Signals.gone(process, Signals.SLOW)) {
        shell
            .out()
            .printf(
                "Still ending: the database writes everything to disk first and is given %d s for"
                    + " it.%n",
                EndSignal.INT.grace().toSeconds());
      }
      if (!Signals.gone(process, LIMIT)) {
        throw new Refusal(
            "The supervisor (pid "
                + process.pid()
                + ") does not end; ./watchtower status shows what still runs.");
      }
      shell.out().println("Watchtower is down.");
      return 0;
    }
    var left = Preflight.endOrphans(shell.layout(), shell.out()::println);
    shell
        .out()
        .println(
            left.isEmpty()
                ? "Watchtower was not running."
                : "Ended what a killed supervisor had left: " + String.join(", ", left) + ".");
    return 0;
  }
}
