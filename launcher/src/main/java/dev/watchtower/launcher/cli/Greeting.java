package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.RunningSuite;
import java.io.IOException;
import java.nio.file.Files;

/** What {@code up} prints when everything is healthy. */
final class Greeting {
  private final Shell shell;
  private final Plan plan;

  Greeting(Shell shell, Plan plan) {
    this.shell = shell;
    this.plan = plan;
  }

  void print(long nanos) throws IOException {
    var out = shell.out();
    out.printf("%nWatchtower is up after %.1f s.%n%n", nanos / 1e9);
    address(Component.MONITOR, "Dashboard", "/");
    address(Component.MONITOR, "Status page", "/status");
    address(Component.STOREFRONT, "Sample shop", "/");
    firstPassword();
    sender();
    if (new Preflight(shell.layout(), plan).catalog().ingest().anonymous()) {
      out.println(
          "WARNING: watchtower.ingest.anonymous is true: whoever reaches the ports can send telemetry without a token.\n");
    }
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
