package dev.watchtower.common.chaosagent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Holds the calling thread up, for as long as the fault is in force and no longer. */
final class Delays {
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  private Delays() {}

  static void hold(LeaseBook book, Fault fault, Duration delay) {
    long until = System.nanoTime() + delay.toNanos();
    while (book.isActive(fault) && !Thread.currentThread().isInterrupted()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(Math.min(left, LOOK_EVERY_NANOS));
    }
  }
}
