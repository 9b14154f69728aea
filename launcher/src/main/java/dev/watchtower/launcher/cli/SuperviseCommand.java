package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.http.Rehearsals;
import dev.watchtower.launcher.suite.Preflight;
import dev.watchtower.launcher.suite.RunningSuite;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The supervisor of a detached suite; started by {@code up --detach}, not by people. */
@Command(name = "supervise", hidden = true)
final class SuperviseCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private UpOptions options = new UpOptions();

  SuperviseCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var plan = options.plan();
    var lock = UpCommand.take(shell);
    new Preflight(shell.layout(), plan).ports();
    var log = new SupervisorLog(shell);
    // From here on nobody reads what is printed; what stops the start before is shown by `up`.
    System.setOut(log.stream());
    System.setErr(log.stream());
    var suite = new RunningSuite(shell.layout(), plan, lock, log::changed, shell.clock());
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("down")
                .unstarted(() -> {
                  suite.close();
                  ended.countDown();
                }));
    var status = suite.bringUp(log::note);
    log.settled(status);
    if (status.phase().equals("READY")) {
      suite.reserveLogInBackground();
      suite.trainInBackground(new Rehearsals(shell.clock()));
    }
    ended.await();
    return 0;
  }
}
