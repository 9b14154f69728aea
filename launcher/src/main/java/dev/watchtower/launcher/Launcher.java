package dev.watchtower.launcher;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.cli.Commands;
import dev.watchtower.launcher.suite.Layout;
import java.nio.file.Path;
import java.time.Clock;

/** The program behind {@code ./watchtower}. */
public final class Launcher {
  private Launcher() {}

  /**
   * Runs one subcommand and ends with its exit code: 0 done, 1 refused or failed, 2 not understood.
   */
  @SystemEdge("where the clock enters the program")
  public static void main(String[] arguments) {
    var root = System.getProperty("watchtower.root", ".");
    var layout = Layout.in(Path.of(root), System.getenv());
    System.exit(Commands.run(layout, Clock.systemUTC(), System.out, System.err, arguments));
  }
}
