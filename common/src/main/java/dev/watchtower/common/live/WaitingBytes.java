package dev.watchtower.common.live;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of messages that wait at the subscriptions of a service, or of one connection as a part
 * of those, or are being written. Beyond the limit who has something waiting keeps only the newest
 * of each destination. Beyond twice the limit messages are left out: all of a connection that holds
 * so much, and of others those that would wait behind something. Whoever keeps up loses nothing by
 * those who do not. Thread-safe.
 */
final class WaitingBytes {
  /** Of the heap, for a service. */
  private static final int SHARE_OF_HEAP = 16;

  /** Of those, for one connection. */
  private static final int SHARE_OF_ALL = 8;

  private final AtomicLong used = new AtomicLong();
  private final @Nullable WaitingBytes all;
  private final long limit;

  private WaitingBytes(@Nullable WaitingBytes all, long limit) {
    this.all = all;
    this.limit = limit;
  }

  /**
   * Those of a service.
   *
   * @param limit bytes
   */
  WaitingBytes(long limit) {
    this(null, limit);
  }

  /** As many as this process can spare. */
  static WaitingBytes ofHeap() {
    return new WaitingBytes(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Those of one connection. */
  WaitingBytes ofConnection() {
    return new WaitingBytes(this, limit / SHARE_OF_ALL);
  }

  /** Counts bytes, or takes them back where they are negative. */
  void add(long bytes) {
    used.addAndGet(bytes);
    if (all != null) {
      all.add(bytes);
    }
  }

  /** Bytes that wait or are being written. */
  long used() {
    return used.get();
  }

  boolean isFull() {
    return used.get() > limit || (all != null && all.isFull());
  }

  /**
   * Whether another message is to be left out.
   *
   * @param waits whether it would wait behind something
   */
  boolean leavesOut(boolean waits) {
    return all == null
        ? waits && used.get() > 2 * limit
        : used.get() > 2 * limit || all.leavesOut(waits);
  }
}
