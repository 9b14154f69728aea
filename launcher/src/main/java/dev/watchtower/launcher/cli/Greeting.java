package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.RunningSuite;
import dev.watchtower.launcher.suite.SuiteStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** What {@code up} prints when it is decided how the start ended. */
final class Greeting {
  private final Shell shell;
  private final Plan plan;

  Greeting(Shell shell, Plan plan) {
    this.shell = shell;
    this.plan = plan;
  }

  /**
   * Everything when all is ready. Else what is of use with the part that is healthy: its addresses,
   * and the first password, which nobody would be told otherwise.
   *
   * @param rows how the processes are
   * @param nanos how long the start took
   */
  void print(SuiteStatus status, List<Checklist.Row> rows, long nanos) throws IOException {
    if (status.equals(SuiteStatus.READY)) {
      all(nanos);
      return;
    }
    if (rows.stream()
        .anyMatch(r -> r.name().equals(Component.MONITOR.id()) && r.state().equals("HEALTHY"))) {
      shell.out().println();
      pages();
      firstPassword();
    }
  }

  private void all(long nanos) throws IOException {
    var out = shell.out();
    out.printf("%nWatchtower is up after %.1f s.%n%n", nanos / 1e9);
    pages();
    address(Component.STOREFRONT, "Sample shop", "/");
    firstPassword();
    sender();
    if (new Preflight(shell.layout(), plan).catalog().ingest().anonymous()) {
      out.println(
          "WARNING: watchtower.ingest.anonymous is true: whoever reaches the ports can send telemetry without a token.\n");
    }
  }

  private void pages() {
    address(Component.MONITOR, "Dashboard", "/");
    address(Component.MONITOR, "Status page", "/status");
  }

  private void address(Component component, String title, String path) {
    if (plan.has(component)) {
      shell.out().printf("  %-12s http://127.0.0.1:%d%s%n", title, plan.port(component), path);
    }
  }

  private void firstPassword() throws IOException {
    var file = shell.layout().firstPassword();
    if (Files.exists(file)) {
      shell
          .out()
          .printf(
              "%n  Sign in as admin with the password  %s%n  It is shown only this once, and has to be changed.%n",
              Files.readString(file).strip());
      Files.delete(file);
    }
    shell.out().println();
  }

  private void sender() {
    var token = new SecretFiles(shell.layout().keys()).read(RunningSuite.SENDER_TOKEN);
    if (!plan.has(Component.INGEST) || token.isEmpty()) {
      return;
    }
    int port = plan.port(Component.INGEST);
    shell
        .out()
        .printf(
            """
            Send your own telemetry. Prometheus, in prometheus.yml:

              remote_write:
                - url: http://127.0.0.1:%1$d/api/v1/write
                  authorization:
                    credentials: %2$s

            OpenTelemetry, in the environment of your service:

              OTEL_METRICS_EXPORTER=otlp OTEL_TRACES_EXPORTER=none OTEL_LOGS_EXPORTER=none
              OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
              OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%1$d
              OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%%20%2$s

            """,
            port, token.get());
  }
}
