package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Reasons;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./watchtower} and its subcommands. */
@Command(
    name = "watchtower",
    description = "Watches your services, and breaks the sample shop on purpose to prove it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Commands implements Runnable {
  @Spec private CommandSpec spec;

  private Commands(CommandSpec spec) {
    this.spec = spec;
  }

  /** Runs the command in {@code arguments}; the exit code. */
  public static int run(
      Layout layout, Clock clock, PrintStream out, PrintStream err, String... arguments) {
    var shell = new Shell(layout, clock, out, err);
    var line = new CommandLine(new Commands(CommandSpec.create()));
    line.addSubcommand(new UpCommand(shell));
    line.addSubcommand(new SuperviseCommand(shell));
    line.addSubcommand(new DownCommand(shell));
    line.addSubcommand(new StatusCommand(shell));
    line.addSubcommand(new LogsCommand(shell));
    line.addSubcommand(new RestartCommand(shell));
    line.addSubcommand(new OpenCommand(shell));
    line.addSubcommand(TokenCommand.line(shell));
    line.addSubcommand(UserCommand.line(shell));
    line.addSubcommand(BenchCommand.line(shell));
    tellVersion(line, "Watchtower " + version());
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      err.println(sentence(fault));
      return CommandLine.ExitCode.SOFTWARE;
    });
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** Each command has {@code --version}. */
  private static void tellVersion(CommandLine line, String version) {
    line.getCommandSpec().version(version);
    line.getSubcommands().values().forEach(below -> tellVersion(below, version));
  }

  /** That of the build. */
  private static String version() {
    var build = new Properties();
    try (var in = Commands.class.getResourceAsStream("/META-INF/build-info.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("build.version", "of an unknown build");
  }

  private static String sentence(Exception fault) {
    return switch (fault) {
      case Refusal r -> String.valueOf(r.getMessage());
      case JsonCall.RefusedCall r -> "Refused: " + r.getMessage();
      case ConnectException c -> "Nothing answers there: is Watchtower up? ./watchtower status";
      case SocketTimeoutException t ->
          "It does not answer in time: the machine is busy, or it hangs. ./watchtower logs supervisor";
      case IOException io -> "Failed: " + Reasons.of(io) + ".";
      case UncheckedIOException io -> "Failed: " + Reasons.of(io) + ".";
      case InterruptedException i -> "Interrupted.";
      default -> "Failed: " + fault;
    };
  }
}
