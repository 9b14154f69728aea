package dev.watchtower.common.chaosagent;

import dev.watchtower.common.chaosagent.LeaseBook.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Faults that use up the process: each on threads of its own, which look at the lease again and
 * again and end with it.
 */
final class ResourceFaults {
  private static final long SLICE_NANOS = Duration.ofMillis(50).toNanos();
  private static final int CHUNK = 1 << 20;

  private final LeaseBook book;

  ResourceFaults(LeaseBook book) {
    this.book = book;
  }

  /** Starts what the lease needs beside being looked up. */
  void begin(Lease lease) {
    switch (lease.fault()) {
      case Fault.Cpu cpu -> {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
          start(() -> burn(lease.id(), cpu));
        }
      }
      case Fault.Memory memory -> start(() -> hold(lease.id(), memory));
      case Fault.Latency _, Fault.Errors _ -> {}
      case Fault.DbLatency _, Fault.DbErrors _, Fault.DbDown _, Fault.SlowQuery _ -> {}
    }
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().name("worker").start(work);
  }

  private void burn(String id, Fault.Cpu cpu) {
    long busy = (long) (SLICE_NANOS * cpu.load());
    while (book.holds(id, cpu)) {
      long from = System.nanoTime();
      while (System.nanoTime() - from < busy) {
        Thread.onSpinWait();
      }
      if (busy < SLICE_NANOS) {
        LockSupport.parkNanos(SLICE_NANOS - busy);
      }
    }
  }

  /**
   * Holds as much as was asked for, but leaves a tenth of the heap, so that the process can still
   * end the fault.
   */
  private void hold(String id, Fault.Memory memory) {
    var held = new ArrayList<byte[]>();
    while (book.holds(id, memory)) {
      if (held.size() < memory.megabytes() && hasRoom()) {
        held.add(new byte[CHUNK]);
      } else {
        LockSupport.parkNanos(SLICE_NANOS);
      }
    }
    held.clear();
  }

  private static boolean hasRoom() {
    var runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    return used + CHUNK < runtime.maxMemory() / 10 * 9;
  }
}
