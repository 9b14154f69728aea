package dev.watchtower.common.lifecycle;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that must not end while the service lives, because nobody would begin it again. What it
 * throws, an {@link Error} too (no room for one more thread, a class that is not to be had after an
 * update), is logged, and it goes on.
 */
public final class Enduring {
  private static final Logger LOG = LoggerFactory.getLogger(Enduring.class);

  /** How long a loop rests that threw, so that one which always does fills neither log nor core. */
  private static final long REST_MILLIS = 1_000;

  /** Work on a thread of its own. */
  @FunctionalInterface
  public interface Loop {
    /**
     * Works until it is to end, then returns.
     *
     * @throws InterruptedException if it was interrupted, which ends it
     */
    void run() throws InterruptedException;
  }

  private Enduring() {}

  /** A task for a scheduler, which never again runs one that has thrown. */
  public static Runnable task(String name, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        told(name, e);
      }
    };
  }

  /** A loop for a thread: begun anew after a second whenever it throws, until it returns. */
  public static Runnable loop(String name, Loop loop) {
    return () -> {
      try {
        while (!returns(name, loop)) {
          rest();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private static boolean returns(String name, Loop loop) throws InterruptedException {
    try {
      loop.run();
      return true;
    } catch (RuntimeException | Error e) {
      told(name, e);
      return false;
    }
  }

  private static void told(String name, Throwable thrown) {
    LOG.atError().addKeyValue("work", name).setCause(thrown).log("work has failed, and goes on");
  }

  // Nobody counts down: it is over with the time, or with the interrupt that ends the loop.
  private static void rest() throws InterruptedException {
    boolean unused = new CountDownLatch(1).await(REST_MILLIS, TimeUnit.MILLISECONDS);
  }
}
