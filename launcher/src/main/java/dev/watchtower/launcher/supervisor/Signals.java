package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to processes of the operating system. */
public final class Signals {
  /** From here on a person wants to know why the end takes so long. */
  public static final Duration SLOW = Duration.ofSeconds(10);

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration STEP = Duration.ofMillis(250);

  private Signals() {}

  /** Asks {@code process} to end. */
  public static void end(ProcessHandle process, ProcessSpec.EndSignal signal) {
    switch (signal) {
      case TERM -> process.destroy();
      case INT -> send("INT", process);
    }
  }

  /**
   * Ends {@code process} without waiting for what it still has to do. PostgreSQL ends at once but
   * in order, and recovers at its next start.
   *
   * @param insist whether that was tried before: then it is killed, whatever it is
   */
  public static void kill(ProcessHandle process, ProcessSpec.EndSignal signal, boolean insist) {
    if (signal == ProcessSpec.EndSignal.INT && !insist) {
      send("QUIT", process);
    } else {
      process.destroyForcibly();
    }
  }

  /**
   * Ends {@code process}: asks, waits for as long as {@code signal} grants, then kills.
   *
   * @param slow run when it takes longer than {@link #SLOW}
   * @return whether it is gone
   */
  public static boolean endNow(ProcessHandle process, ProcessSpec.EndSignal signal, Runnable slow)
      throws InterruptedException {
    end(process, signal);
    if (gone(process, SLOW)) {
      return true;
    }
    slow.run();
    if (gone(process, signal.grace().minus(SLOW))) {
      return true;
    }
    kill(process, signal, false);
    if (gone(process, LIMIT.multipliedBy(2))) {
      return true;
    }
    kill(process, signal, true);
    return gone(process, LIMIT);
  }

  /**
   * Waits until {@code process} is gone, at most {@code limit}; whether it is. One that has ended
   * is gone, even where nobody asks for its exit code, as in a container without an init.
   */
  public static boolean gone(ProcessHandle process, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!ProcessBirth.hasEnded(process)) {
      long left = Math.min(STEP.toNanos(), end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        process.onExit().get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException e) {
        // Looked at again.
      }
    }
    return true;
  }

  /** Whether {@code process} has ended, even where nobody asks for its exit code. */
  public static boolean ended(ProcessHandle process) {
    return ProcessBirth.hasEnded(process);
  }

  private static void send(String signal, ProcessHandle process) {
    try {
      // Java itself sends only TERM and KILL.
      var kill =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
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
