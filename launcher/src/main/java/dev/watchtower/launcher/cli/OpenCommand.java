package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Component;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code open}: the dashboard in the browser. */
@Command(
    name = "open",
    description = "Opens the dashboard in the browser.",
    mixinStandardHelpOptions = true)
final class OpenCommand implements Callable<Integer> {
  private final Shell shell;

  OpenCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var url = "http://127.0.0.1:" + Component.MONITOR.port(shell.owner().portOffset()) + "/";
    shell.out().println(url);
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    try {
      var process =
          new ProcessBuilder(List.of(mac ? "open" : "xdg-open", url))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() != 0) {
        shell
            .out()
            .println(
                "There is no browser here: open the address in one that reaches this machine.");
      }
    } catch (IOException e) {
      shell
          .out()
          .println("There is no browser here: open the address in one that reaches this machine.");
    }
    return 0;
  }
}
