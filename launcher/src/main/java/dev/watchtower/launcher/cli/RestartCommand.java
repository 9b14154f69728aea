package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code restart}: ends one process and starts it again. */
@Command(
    name = "restart",
    description = "Ends one process and starts it again.",
    mixinStandardHelpOptions = true)
final class RestartCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "SERVICE", description = "Its name in ./watchtower status.")
  private String service = "";

  RestartCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (!service.matches("[a-z-]{1,40}")) {
      throw new Refusal("No process is called '" + service + "': ./watchtower status names them.");
    }
    var view = shell.supervisor(shell.owner()).restart(service, "asked at the command line");
    shell.out().println(view.name() + " restarts; ./watchtower status shows when it is healthy.");
    return 0;
  }
}
