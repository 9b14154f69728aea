package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.suite.SuiteStatus;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import dev.watchtower.launcher.supervisor.RotatingLog;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;

/**
 * What the supervisor does, in {@code supervisor.log}, whether it runs at a terminal or in the
 * background: goes on across starts, and is bounded like the log of any process. Safe for use by
 * several threads.
 */
final class SupervisorLog {
  private final RotatingLog log;
  private final Clock clock;

  /** Opens the log, to be gone on with. */
  SupervisorLog(Shell shell) throws IOException {
    this.log =
        new RotatingLog(shell.layout().logs().resolve("supervisor.log"), RotatingLog.USUAL_LIMIT);
    this.clock = shell.clock();
    note("the supervisor starts, pid " + ProcessHandle.current().pid());
  }

  /** A process changed its phase. */
  void changed(Phase before, ProcessSnapshot after) {
    note(
        "%s %s -> %s pid %s last exit %s"
            .formatted(after.name(), before, after.phase(), after.pid(), after.lastExit()));
  }

  /** How the start ended; nothing of one that was interrupted. */
  void settled(SuiteStatus status) {
    if (status.settled()) {
      note((status.phase() + " " + status.detail()).strip());
    }
  }

  /** A line with the time before it. */
  void note(String text) {
    log.line(clock.instant() + " " + text);
  }

  /** Takes what has no other place: what the supervisor's threads complain of. */
  PrintStream stream() {
    return log.stream();
  }
}
