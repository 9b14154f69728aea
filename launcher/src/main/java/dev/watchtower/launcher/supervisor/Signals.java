package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to processes of the operating system. */
public final class Signals {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Signals() {}

  /** Asks {@code process} to end. */
  public static void end(ProcessHandle process, ProcessSpec.EndSignal signal) {
    switch (signal) {
      case TERM -> process.destroy();
      case INT -> interrupt(process);
    }
  }

  /**
   * Ends {@code process}: asks, waits for {@code grace}, then kills.
   *
   * @return whether it is gone
   */
  public static boolean endNow(ProcessHandle process, ProcessSpec.EndSignal signal, Duration grace)
      throws InterruptedException {
    end(process, signal);
    if (gone(process, grace)) {
      return true;
    }
    process.destroyForcibly();
    return gone(process, LIMIT);
  }

  /** Waits until {@code process} is gone, at most {@code limit}; whether it is. */
  public static boolean gone(ProcessHandle process, Duration limit) throws InterruptedException {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return !process.isAlive();
    } catch (ExecutionException e) {
      return !process.isAlive();
    }
  }

  private static void interrupt(ProcessHandle process) {
    try {
      // Java itself sends only TERM and KILL.
      var kill =
          new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
        process.destroy();
      }
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
    }
  }
}
