package dev.watchtower.common.live;

import java.util.HashMap;
import java.util.Map;

/**
 * What subscriptions hold for as long as they are there, in bytes, about: so much that neither all
 * together nor one user or token can use up the memory of a service. Thread-safe.
 */
final class HeldBytes {
  /** Of the heap, for a service. */
  private static final int SHARE_OF_HEAP = 16;

  /** A subscription itself, here and with those who serve it. */
  private static final long EACH = 1_000;

  /** Of each character of a selector: as text, and in the form in which it is compared. */
  private static final long A_SELECTOR_CHARACTER = 8;

  private final long limit;
  private final long limitEach;
  private final Map<String, Long> bySubscriber = new HashMap<>();
  private long used;

  /**
   * Those of a service; one subscriber may hold three quarters.
   *
   * @param limit bytes
   */
  HeldBytes(long limit) {
    this.limit = limit;
    this.limitEach = limit - limit / 4;
  }

  /** As many as this process can spare. */
  static HeldBytes ofHeap() {
    return new HeldBytes(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** Counts a subscription; false, and it counts nothing, if there is no room for it. */
  synchronized boolean take(LiveSubscription subscription) {
    long bytes = bytes(subscription);
    long own = bySubscriber.getOrDefault(subscription.subscriber(), 0L) + bytes;
    if (used + bytes > limit || own > limitEach) {
      return false;
    }
    bySubscriber.put(subscription.subscriber(), own);
    used += bytes;
    return true;
  }

  /** Takes one back that was counted. */
  synchronized void giveBack(LiveSubscription subscription) {
    long bytes = bytes(subscription);
    used -= bytes;
    bySubscriber.computeIfPresent(
        subscription.subscriber(), (_, own) -> own > bytes ? own - bytes : null);
  }

  private static long bytes(LiveSubscription subscription) {
    return EACH
        + 2L * (subscription.id().length() + subscription.destination().length())
        + A_SELECTOR_CHARACTER * subscription.match().length();
  }

  /** Bytes held. */
  synchronized long used() {
    return used;
  }
}
