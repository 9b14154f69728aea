package dev.watchtower.incident.remediation;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
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
  private final Runnable freed;
  private final Set<String> busy = new HashSet<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("repair-", 0).factory());

  /**
   * A pool.
   *
   * @param most for how many services work may be done at a time, at least 1
   * @param failed is told what work throws
   * @param freed is called once work has got on and its place is free again: what waited for that
   *     need not wait for the next run
   */
  public RepairPool(int most, Consumer<RuntimeException> failed, Runnable freed) {
    if (most < 1) {
      throw new IllegalArgumentException("a pool for " + most + " does nothing");
    }
    this.most = most;
    this.failed = failed;
    this.freed = freed;
  }

  /**
   * Begins work for a service.
   *
   * @param work whether it has got on; what has not must not be tried again at once
   * @return false if other work for the service goes on, or there is no room: nothing was begun
   */
  boolean begin(String service, BooleanSupplier work) {
    synchronized (busy) {
      if (busy.size() >= most || !busy.add(service)) {
        return false;
      }
    }
    workers.execute(() -> {
      boolean gotOn = false;
      try {
        gotOn = work.getAsBoolean();
      } catch (RuntimeException e) {
        failed.accept(e);
      } finally {
        synchronized (busy) {
          busy.remove(service);
        }
      }
      if (gotOn) {
        freed.run();
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
