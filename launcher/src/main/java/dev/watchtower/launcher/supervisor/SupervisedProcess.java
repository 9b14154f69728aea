package dev.watchtower.launcher.supervisor;

import dev.watchtower.launcher.lifecycle.Decision;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.lifecycle.ProcessState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process with its state and the system's process behind it. Confined to the supervisor's thread.
 */
final class SupervisedProcess {
  private static final Duration EAGER = Duration.ofMillis(250);
  private static final Duration STEADY = Duration.ofSeconds(2);

  /** The exit code of a process that could not even be started. */
  private static final int NOT_STARTED = -1;

  /** The supervisor's thread. */
  interface Loop {
    /** Runs {@code task} on it, soon; any thread may ask. */
    void execute(Runnable task);

    /** Lets {@code event} happen; only on the thread itself. */
    void apply(SupervisedProcess process, ProcessEvent event);
  }

  private final ProcessSpec spec;
  private final RotatingLog log;
  private final Clock clock;
  private final Loop loop;

  private ProcessState state = ProcessState.initial();
  private Instant since;
  private @Nullable Child child;
  private ProcessRecords.@Nullable Entry entry;
  private @Nullable Integer lastExit;

  /** Counts the starts, so that news of an earlier run is told from news of this one. */
  private long run;

  /** The run that was told to end at once. */
  private long killed;

  private boolean probing;
  private Duration nextProbe = Duration.ZERO;

  /**
   * A process that is not started.
   *
   * @param loop the supervisor's thread
   */
  SupervisedProcess(ProcessSpec spec, Path logs, Clock clock, Loop loop) throws IOException {
    this.spec = spec;
    this.log = new RotatingLog(logs.resolve(spec.name() + ".log"), RotatingLog.USUAL_LIMIT);
    this.clock = clock;
    this.loop = loop;
    this.since = clock.instant();
  }

  ProcessSpec spec() {
    return spec;
  }

  ProcessState state() {
    return state;
  }

  Optional<ProcessRecords.Entry> entry() {
    return Optional.ofNullable(state.alive() ? entry : null);
  }

  ProcessSnapshot snapshot() {
    return new ProcessSnapshot(
        spec.name(),
        state.alive() && child != null ? child.handle().pid() : null,
        spec.port(),
        state.phase(),
        state.wanted(),
        state.restarts(),
        since,
        lastExit);
  }

  /** Takes on the decided state and does what was decided; whether a process was started. */
  boolean carryOut(Decision decision) {
    if (decision.next().phase() != state.phase()) {
      since = clock.instant();
    }
    state = decision.next();
    boolean launched = false;
    for (var action : decision.actions()) {
      switch (action) {
        case LAUNCH -> {
          launch();
          launched = true;
        }
        case TERMINATE -> {
          if (child != null) {
            Signals.end(child.handle(), spec.end());
          }
        }
        case KILL -> {
          if (child != null) {
            Signals.kill(child.handle(), spec.end(), killed == run);
            killed = run;
          }
        }
      }
    }
    return launched;
  }

  /** Starts a health check when one is due and none is running. */
  void probeWhenDue(Duration now) {
    if (!state.alive() || probing || now.compareTo(nextProbe) < 0) {
      return;
    }
    probing = true;
    nextProbe = now.plus(state.phase() == Phase.HEALTHY ? STEADY : EAGER);
    long probed = run;
    Thread.ofVirtual()
        .start(() -> {
          boolean healthy = isHealthy();
          loop.execute(() -> probed(probed, healthy));
        });
  }

  private boolean isHealthy() {
    try {
      return spec.probe().getAsBoolean();
    } catch (RuntimeException | Error e) {
      // Without an answer it would count as being asked, and nobody would ask again.
      System.err.println("cannot ask how " + spec.name() + " is: " + e);
      return false;
    }
  }

  private void probed(long probedRun, boolean healthy) {
    probing = false;
    if (probedRun == run) {
      loop.apply(this, new ProcessEvent.Probed(healthy));
    }
  }

  private void exited(long endedRun, int code) {
    if (endedRun == run) {
      lastExit = code;
      loop.apply(this, new ProcessEvent.Exited());
    }
  }

  private void launch() {
    run++;
    long started = run;
    nextProbe = Duration.ZERO;
    try {
      child =
          Child.start(
              spec.name(),
              spec.launch().get(),
              log,
              code -> loop.execute(() -> exited(started, code)));
      entry = ProcessRecords.Entry.of(spec.name(), child.handle());
    } catch (IOException | RuntimeException | Error e) {
      // Treated like a process that dies at once: back-off, and the reason in its log.
      child = null;
      entry = null;
      log.line("watchtower: cannot start " + spec.name() + ": " + e.getMessage());
      loop.execute(() -> exited(started, NOT_STARTED));
    }
  }
}
