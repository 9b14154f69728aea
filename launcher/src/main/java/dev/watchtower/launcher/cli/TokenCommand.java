package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.http.MonitorTokens;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token}: makes, lists and revokes machine tokens. Works while nothing but monitor runs. */
@Command(
    name = "token",
    description = "Makes, lists and revokes machine tokens.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand {
  private static final Set<String> SCOPES =
      new TreeSet<>(Set.of("ingest:write", "read", "respond", "chaos", "admin"));

  private TokenCommand() {}

  static CommandLine line(Shell shell) {
    var line = new CommandLine(new TokenCommand());
    line.addSubcommand(new Create(shell));
    line.addSubcommand(new ListTokens(shell));
    line.addSubcommand(new Revoke(shell));
    return line;
  }

  /** Where monitor is. */
  static final class Where {
    @Option(
        names = "--monitor",
        paramLabel = "URL",
        description = "Address of monitor-service, if it is not the one of this machine.")
    private @Nullable String url;

    MonitorTokens tokens(Shell shell) throws IOException {
      return url == null ? shell.monitorTokens() : shell.monitorTokens(url);
    }
  }

  /** {@code token create}. */
  @Command(
      name = "create",
      description = "Prints a new token. It is shown only this once.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    private final Shell shell;

    @Mixin private Where where = new Where();

    @Option(names = "--name", required = true, description = "For whom it is.")
    private String name = "";

    @Option(
        names = "--scope",
        required = true,
        arity = "1..*",
        split = ",",
        description = "ingest:write, read, respond, chaos, admin.")
    private List<String> scopes = new ArrayList<>();

    Create(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      for (var scope : scopes) {
        if (!SCOPES.contains(scope)) {
          throw new Refusal(
              "There is no scope '" + scope + "'; there are " + String.join(", ", SCOPES) + ".");
        }
      }
      shell.out().println(where.tokens(shell).create(name, scopes).token());
      return 0;
    }
  }

  /** {@code token list}. */
  @Command(name = "list", description = "Lists the tokens.", mixinStandardHelpOptions = true)
  static final class ListTokens implements Callable<Integer> {
    private final Shell shell;

    @Mixin private Where where = new Where();

    ListTokens(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var format = "%-38s %-24s %-28s %-26s %s%n";
      shell.out().printf(format, "ID", "NAME", "SCOPES", "CREATED", "REVOKED");
      for (var token : where.tokens(shell).list()) {
        shell
            .out()
            .printf(
                format,
                token.id(),
                token.name(),
                String.join(",", token.scopes()),
                token.createdAt() == null ? "-" : token.createdAt(),
                token.revokedAt() == null ? "-" : token.revokedAt());
      }
      return 0;
    }
  }

  /** {@code token revoke}. */
  @Command(
      name = "revoke",
      description =
          "Revokes a token; within a minute no service that reaches monitor takes it any more.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    private final Shell shell;

    @Mixin private Where where = new Where();

    @Parameters(paramLabel = "ID", description = "As ./watchtower token list shows it.")
    private String id = "";

    Revoke(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      if (!id.matches("[A-Za-z0-9-]{1,64}")) {
        throw new Refusal("'" + id + "' is not the id of a token.");
      }
      where.tokens(shell).revoke(id);
      shell.out().println("Revoked.");
      return 0;
    }
  }
}
