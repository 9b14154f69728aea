package dev.watchtower.launcher.cli;

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
    var suite =
        new RunningSuite(
            shell.layout(),
            plan,
            lock,
            (before, after) ->
                shell
                    .err()
                    .printf(
                        "%s %s %s -> %s pid %s last exit %s%n",
                        shell.clock().instant(),
                        after.name(),
                        before,
                        after.phase(),
                        after.pid(),
                        after.lastExit()),
            shell.clock());
    var ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("down")
                .unstarted(() -> {
                  suite.close();
                  ended.countDown();
                }));
    var status = suite.bringUp(shell.err()::println);
    shell.err().println(shell.clock().instant() + " " + status.phase() + " " + status.detail());
    if (status.phase().equals("READY")) {
      suite.trainInBackground();
    }
    ended.await();
    return 0;
  }
}
