package dev.watchtower.ingest.golden;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that is due now or in a moment, each piece at most once: asking again for what waits already
 * changes nothing, unless it is then due earlier. So its size is bounded by the number of different
 * pieces. Any threads.
 *
 * @param <T> a piece of work, with equals
 */
public final class WorkQueue<T> {
  private record Due<T>(T work, long nanos) {}

  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<T, Due<T>> waiting = new HashMap<>();
  private final PriorityQueue<Due<T>> order =
      new PriorityQueue<>(Comparator.comparingLong(Due<T>::nanos));

  /** A queue by that clock of nanoseconds. */
  public WorkQueue(LongSupplier clock) {
    this.clock = clock;
  }

  /** Asks for a piece of work at an instant of the clock. */
  public void add(T work, long dueNanos) {
    lock.lock();
    try {
      Due<T> old = waiting.get(work);
      if (old != null && old.nanos() - dueNanos <= 0) {
        return;
      }
      if (old != null) {
        order.remove(old);
      }
      Due<T> due = new Due<>(work, dueNanos);
      waiting.put(work, due);
      order.add(due);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** What is due, waiting for it that long at most; null if nothing became due. */
  public @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
    long end = clock.getAsLong() + unit.toNanos(timeout);
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = clock.getAsLong();
        Due<T> first = order.peek();
        if (first != null && first.nanos() - now <= 0) {
          order.poll();
          waiting.remove(first.work());
          return first.work();
        }
        long until = first == null ? end : Math.min(end, first.nanos());
        if (end - now <= 0) {
          return null;
        }
        // Woken early or late: look again.
        changed.awaitNanos(until - now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many pieces wait. */
  public int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
