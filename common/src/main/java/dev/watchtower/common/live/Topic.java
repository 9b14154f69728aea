package dev.watchtower.common.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One destination: its numbering, its listeners, and its newest messages for replay, at most {@link
 * #MAX_KEPT} of them and {@link #MAX_KEPT_BYTES} bytes. Subscribing and publishing exclude each
 * other, so that a subscription misses nothing and gets nothing twice.
 */
final class Topic {
  static final int MAX_KEPT = 300;
  static final int MAX_KEPT_BYTES = 512 * 1024;

  /** Bytes of a kept message besides its own. */
  static final int KEPT_OVERHEAD = 64;

  private static final byte[] RESET = "{\"reset\":true}".getBytes(StandardCharsets.UTF_8);

  private record Kept(long seq, byte[] payload) {}

  private final String destination;
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private final Set<LiveSubscription> listeners = new LinkedHashSet<>();
  private final AtomicLong keptInAll;
  private final long firstSeq;
  private long lastSeq;
  private long keptBytes;

  /** It gave way to another: whoever holds it yet has to ask for it anew. */
  private boolean closed;

  /** The numbers a destination has used: its first message's, and its newest one's. */
  record Numbers(long first, long last) {}

  /**
   * Goes on after those numbers, without what was kept.
   *
   * @param waiting who listens already
   * @param keptInAll bytes that all topics keep, this one's included
   */
  Topic(
      String destination,
      Numbers numbers,
      Collection<LiveSubscription> waiting,
      AtomicLong keptInAll) {
    this.destination = destination;
    this.firstSeq = numbers.first();
    this.lastSeq = numbers.last();
    this.keptInAll = keptInAll;
    listeners.addAll(waiting);
  }

  /**
   * False, without any effect, if it gave way.
   *
   * @param about of what is about the same, a slow subscriber gets the newest
   */
  synchronized boolean publish(
      Object about, LongFunction<byte[]> messageOfSeq, Collection<LiveSubscription> patterns) {
    if (closed) {
      return false;
    }
    var payload = messageOfSeq.apply(lastSeq + 1);
    lastSeq++;
    kept.addLast(new Kept(lastSeq, payload));
    count(payload.length + KEPT_OVERHEAD);
    while (kept.size() > MAX_KEPT || keptBytes > MAX_KEPT_BYTES) {
      dropFirst();
    }
    for (var listener : listeners) {
      listener.offer(destination, about, payload);
    }
    for (var listener : patterns) {
      if (listener.listensTo(destination)) {
        listener.offer(destination, about, payload);
      }
    }
    return true;
  }

  private void count(long bytes) {
    keptBytes += bytes;
    keptInAll.addAndGet(bytes);
  }

  private void dropFirst() {
    count(-(kept.removeFirst().payload().length + (long) KEPT_OVERHEAD));
  }

  /** Keeps nothing any more of what was published; who asks for it is told so. */
  synchronized void dropKept() {
    while (!kept.isEmpty()) {
      dropFirst();
    }
  }

  /** The numbers it has used. */
  synchronized Numbers numbers() {
    return new Numbers(firstSeq, lastSeq);
  }

  /**
   * Begins a subscription.
   *
   * @param since 0 asks for all that is kept; other numbers are the last one seen
   * @return false, without any effect, if it gave way
   */
  synchronized boolean subscribe(LiveSubscription subscription, @Nullable Long since) {
    if (closed) {
      return false;
    }
    listeners.add(subscription);
    if (kept.isEmpty()) {
      missed(subscription, numbers(), since);
      return true;
    }
    if (since == null) {
      return true;
    }
    long sinceSeq = since == 0 ? kept.peekFirst().seq() - 1 : since;
    if (sinceSeq > lastSeq || sinceSeq + 1 < kept.peekFirst().seq()) {
      // It has seen numbers of an earlier life of this service, or what it lacks is gone.
      subscription.offer(destination, RESET);
      return true;
    }
    for (var message : kept) {
      if (message.seq() > sinceSeq) {
        subscription.offer(destination, message.payload());
      }
    }
    return true;
  }

  /** Tells a subscription to a destination of which nothing is kept if it missed something. */
  static void missed(LiveSubscription subscription, Numbers numbers, @Nullable Long since) {
    if (since != null && (since == 0 ? numbers.first() - 1 : since) != numbers.last()) {
      subscription.offer(subscription.destination(), RESET);
    }
  }

  /** Gives way: takes nothing any more and keeps nothing. Who listens is to be told elsewhere. */
  synchronized Set<LiveSubscription> close() {
    closed = true;
    dropKept();
    var rest = new LinkedHashSet<>(listeners);
    listeners.clear();
    return rest;
  }

  synchronized void unsubscribe(LiveSubscription subscription) {
    listeners.remove(subscription);
  }

  synchronized long lastSeq() {
    return lastSeq;
  }

  synchronized boolean isIdle() {
    return listeners.isEmpty();
  }
}
