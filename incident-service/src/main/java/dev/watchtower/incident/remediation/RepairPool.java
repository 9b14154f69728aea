package dev.watchtower.incident.remediation;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Where repairs are done, since one can take long: for several services at a time, for each service
 * one after the other. Thread-safe.
 *
 * <p>Bounded: what finds no room is not begun; its plan lies in the database and is looked at again
 * with the next run.
 */
public final class RepairPool implements AutoCloseable {
  private final int most;
  private final Consumer<RuntimeException> failed;
  private final Set<String> busy = new HashSet<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("repair-", 0).factory());

  /**
   * A pool.
   *
   * @param most for how many services work may be done at a time, at least 1
   * @param failed is told what work throws
   */
  public RepairPool(int most, Consumer<RuntimeException> failed) {
    if (most < 1) {
      throw new IllegalArgumentException("a pool for " + most + " does nothing");
    }
    this.most = most;
    this.failed = failed;
  }

  /**
   * Begins work for a service.
   *
   * @return false if other work for the service goes on, or there is no room: nothing was begun
   */
  boolean begin(String service, Runnable work) {
    synchronized (busy) {
      if (busy.size() >= most || !busy.add(service)) {
        return false;
      }
    }
    workers.execute(() -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        failed.accept(e);
      } finally {
        synchronized (busy) {
          busy.remove(service);
        }
      }
    });
    return true;
  }

  /** Interrupts what goes on; the log says what was cut short. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
