package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.http.Rehearsals;
import dev.watchtower.launcher.suite.Build;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import dev.watchtower.launcher.suite.RunningSuite;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code up}: builds what is not built, starts everything, and stays until Ctrl-C. */
@Command(
    name = "up",
    description = "Builds what is not built, starts everything and shows when it is healthy.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private static final Duration REDRAW = Duration.ofMillis(250);

  private final Shell shell;

  @Mixin private UpOptions options = new UpOptions();

  @Option(names = "--detach", description = "Goes on in the background; ./watchtower down ends it.")
  private boolean detach;

  private volatile boolean live;

  UpCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var plan = options.plan();
    var preflight = new Preflight(shell.layout(), plan);
    // First of all: what is wrong does not matter where it runs already.
    var lock = take(shell);
    try {
      preflight.check();
      for (var name : Preflight.endOrphans(shell.layout(), shell.out()::println)) {
        shell.out().println("Ended " + name + ", left over from a supervisor that was killed.");
      }
      preflight.database();
      preflight.ports();
      new Build(shell.layout(), shell.out()::println).ensure(plan.modules());
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
    if (detach) {
      lock.close();
      return new Detached(shell, plan, options.arguments()).start();
    }
    return attached(plan, lock);
  }

  /** Takes the lock of the data directory, or says who has it. */
  static RunLock take(Shell shell) throws IOException {
    var lock = RunLock.tryTake(shell.layout());
    if (lock.isPresent()) {
      return lock.get();
    }
    var owner = RunLock.owner(shell.layout());
    throw new Refusal(
        "Watchtower is already running"
            + owner.filter(o -> o.pid() > 0).map(o -> " (pid " + o.pid() + ")").orElse("")
            + ": ./watchtower status shows it, ./watchtower down ends it.");
  }

  private int attached(Plan plan, RunLock lock) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var log = new SupervisorLog(shell);
    var suite =
        new RunningSuite(
            shell.layout(),
            plan,
            lock,
            (before, after) -> {
              log.changed(before, after);
              changed(after);
            },
            shell.clock());
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("down")
                .unstarted(() -> {
                  live = false;
                  shell.out().println("\nStopping ...");
                  suite.close();
                  shell.out().println("Watchtower is down.");
                  ended.countDown();
                }));
    var checklist = new Checklist(shell.out(), plan);
    var starter =
        Thread.ofPlatform()
            .daemon()
            .name("bring-up")
            .start(() -> {
              try {
                log.settled(
                    suite.bringUp(warning -> {
                      log.note(warning);
                      checklist.note(warning);
                    }));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (!starter.join(REDRAW)) {
      checklist.show(Checklist.rows(suite.supervisor().processes()), begin);
    }
    var rows = Checklist.rows(suite.supervisor().processes());
    checklist.show(rows, begin);
    var status = suite.status();
    if (!status.settled()) {
      // Ctrl-C came first.
      ended.await();
      return 1;
    }
    new Greeting(shell, plan).print(status, rows, System.nanoTime() - begin);
    if (status.phase().equals("FAILED")) {
      shell.err().println(status.detail());
      shell.err().println("What runs goes on running; Ctrl-C ends it.");
    } else {
      shell.out().println("Ctrl-C ends Watchtower.");
      suite.reserveLogInBackground();
      suite.trainInBackground(new Rehearsals(shell.clock()));
    }
    live = true;
    ended.await();
    return status.phase().equals("FAILED") ? 1 : 0;
  }

  /** After the start every death and recovery is worth a line. */
  private void changed(ProcessSnapshot after) {
    if (!live) {
      return;
    }
    var now = LocalTime.ofInstant(shell.clock().instant(), ZoneId.systemDefault());
    var text =
        switch (after.phase()) {
          case BACK_OFF -> "died (exit code " + after.lastExit() + ") and is started again";
          case HELD_DOWN -> "was crashed by an experiment and is held down";
          case HEALTHY -> "is healthy";
          case UNHEALTHY -> "does not answer its health check";
          case STARTING, STOPPING, STOPPED -> "";
        };
    if (!text.isEmpty()) {
      shell.out().println(now.truncatedTo(ChronoUnit.SECONDS) + "  " + after.name() + " " + text);
    }
  }
}
