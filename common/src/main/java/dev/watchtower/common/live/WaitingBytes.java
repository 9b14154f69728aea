package dev.watchtower.common.live;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of messages that wait at all subscriptions of a service or are being written. Beyond
 * the limit each subscription keeps only the newest of each destination; beyond twice the limit
 * messages are left out. Thread-safe.
 */
final class WaitingBytes {
  /** Of the heap. */
  private static final int SHARE_OF_HEAP = 16;

  private final AtomicLong used = new AtomicLong();
  private final long limit;

  /**
   * @param limit bytes
   */
  WaitingBytes(long limit) {
    this.limit = limit;
  }

  /** As many as this process can spare. */
  static WaitingBytes ofHeap() {
    return new WaitingBytes(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Counts bytes, or takes them back where they are negative. */
  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /** Bytes that wait or are being written. */
  long used() {
    return used.get();
  }

  boolean isFull() {
    return used.get() > limit;
  }

  boolean isOverfull() {
    return used.get() > 2 * limit;
  }
}
