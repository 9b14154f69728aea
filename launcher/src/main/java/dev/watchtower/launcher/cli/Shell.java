package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.http.MonitorTokens;
import dev.watchtower.launcher.http.MonitorUsers;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.suite.RunningSuite;
import dev.watchtower.launcher.supervisor.http.SupervisorClient;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What every subcommand works with. */
record Shell(Layout layout, Clock clock, PrintStream out, PrintStream err) {
  /** Who runs the suite. */
  RunLock.Owner owner() throws IOException {
    return RunLock.owner(layout)
        .orElseThrow(() -> new Refusal("Watchtower is not running: ./watchtower up starts it."));
  }

  /** The supervisor that runs. */
  SupervisorClient supervisor(RunLock.Owner owner) {
    if (owner.port() < 0) {
      throw new Refusal("Watchtower is only just starting: try again in a few seconds.");
    }
    return new SupervisorClient(owner.port(), RunningSuite.tokens(layout, clock));
  }

  /** Machine tokens; monitor has to run on this machine, but not under our supervisor. */
  MonitorTokens monitorTokens() throws IOException {
    return monitorTokens(monitorHere());
  }

  private String monitorHere() throws IOException {
    int offset = RunLock.owner(layout).map(RunLock.Owner::portOffset).orElse(0);
    return "http://127.0.0.1:" + Component.MONITOR.port(offset);
  }

  /** The users of the monitor at {@code url}; null for the one of this machine. */
  MonitorUsers monitorUsers(@Nullable String url) throws IOException {
    return new MonitorUsers(url == null ? monitorHere() : url, RunningSuite.tokens(layout, clock));
  }

  /** Machine tokens of the monitor at {@code url}. */
  MonitorTokens monitorTokens(String url) {
    return new MonitorTokens(url, RunningSuite.tokens(layout, clock));
  }
}
