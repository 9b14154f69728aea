package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user}: lets somebody in again who has lost the password. Monitor has to run. */
@Command(
    name = "user",
    description = "Gives a user a new password.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
  private UserCommand() {}

  static CommandLine line(Shell shell) {
    var line = new CommandLine(new UserCommand());
    line.addSubcommand(new Reset(shell));
    return line;
  }

  /** {@code user reset}. */
  @Command(
      name = "reset",
      description =
          "Prints a new password for a user, once. It must be changed at the next login; the user's sessions end.",
      mixinStandardHelpOptions = true)
  static final class Reset implements Callable<Integer> {
    private final Shell shell;

    @Option(
        names = "--monitor",
        paramLabel = "URL",
        description = "Address of monitor-service, if it is not the one of this machine.")
    private @Nullable String url;

    @Parameters(paramLabel = "NAME", description = "As they log in, for example admin.")
    private String name = "";

    Reset(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")) {
        throw new Refusal("'" + name + "' is not the name of a user.");
      }
      shell.out().println(shell.monitorUsers(url).newPassword(name));
      return 0;
    }
  }
}
