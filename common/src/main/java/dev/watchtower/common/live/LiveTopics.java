package dev.watchtower.common.live;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The live topics of a service. Every destination numbers its messages from 1, so that a subscriber
 * sees a gap, and keeps the newest ones, so that it can fill it. Publishing never waits for a
 * subscriber. Safe for use by several threads; the messages of one destination are in order.
 *
 * <p>Bounds: {@link #MAX_TOPICS} destinations to which something was sent (the one that was silent
 * longest gives way, rather one that nobody listens to; who does goes on listening, and of {@link
 * #MAX_REMEMBERED} such the numbers are remembered), and what {@link Topic} keeps for replay: all
 * together a share of the heap, beyond which those that were silent longest keep nothing. That
 * somebody listens to a destination makes none: names that nothing is ever sent to cost what the
 * subscription costs, of which a connection has a limited number, and take no room from others.
 */
public final class LiveTopics {
  static final int MAX_TOPICS = 2_000;
  static final int MAX_REMEMBERED = 20_000;

  /** Of the heap, for what is kept for replay. */
  private static final int SHARE_OF_HEAP = 16;

  /** So many of those that were silent longest are looked at for one that nobody listens to. */
  private static final int LOOK_FOR_IDLE = 64;

  private final JsonMapper json;
  private final Clock clock;
  private final Map<String, Topic> topics = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Topic.Numbers> evicted = new LinkedHashMap<>();

  /** Who listens to destinations that have no topic; with the lock of {@code topics}. */
  private final Map<String, Set<LiveSubscription>> awaiting = new HashMap<>();

  private final AtomicLong keptBytes = new AtomicLong();
  private final long maxKeptBytes;
  private final Set<LiveSubscription> patterns = new CopyOnWriteArraySet<>();

  /**
   * Topics whose messages are written by {@code json}. A destination's numbers begin at the time of
   * its first use in milliseconds, so that numbers of an earlier life of the service are never
   * taken for those of this one.
   */
  public LiveTopics(JsonMapper json, Clock clock) {
    this(json, clock, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxKeptBytes bytes that all topics together keep for replay
   */
  LiveTopics(JsonMapper json, Clock clock, long maxKeptBytes) {
    this.json = json;
    this.clock = clock;
    this.maxKeptBytes = maxKeptBytes;
  }

  /**
   * Sends a message to all who listen to {@code destination}, for example {@code /topic/incidents}.
   *
   * @param messageOfSeq makes the message, given its sequence number; called once
   */
  public void publish(String destination, LongFunction<?> messageOfSeq) {
    publish(destination, destination, messageOfSeq);
  }

  /**
   * Sends a message to a destination whose messages are about several things, each of which a slow
   * subscriber is to have the newest message of.
   *
   * @param about what the message is about, told from others by {@code equals}
   * @param messageOfSeq makes the message, given its sequence number; called once
   */
  public void publish(String destination, Object about, LongFunction<?> messageOfSeq) {
    while (!topic(destination)
        .publish(about, seq -> json.writeValueAsBytes(messageOfSeq.apply(seq)), patterns)) {
      // It gave way just then, and is made anew.
      Thread.onSpinWait();
    }
    if (keptBytes.get() > maxKeptBytes) {
      keepLess();
    }
  }

  /** Down to seven eighths, so that this is not done for each message. */
  private void keepLess() {
    synchronized (topics) {
      for (var topic : topics.values()) {
        if (keptBytes.get() <= maxKeptBytes / 8 * 7) {
          return;
        }
        topic.dropKept();
      }
    }
  }

  /** Bytes kept for replay now. */
  long keptBytes() {
    return keptBytes.get();
  }

  /** Destinations without a topic that somebody listens to. */
  int awaited() {
    synchronized (topics) {
      return awaiting.size();
    }
  }

  /** The sequence number of the destination's newest message; 0 before the first. */
  public long lastSeq(String destination) {
    synchronized (topics) {
      var topic = topics.get(destination);
      if (topic != null) {
        return topic.lastSeq();
      }
      var before = evicted.get(destination);
      return before == null ? 0 : before.last();
    }
  }

  /**
   * Begins a subscription; what it missed since {@code sinceSeq} is sent first.
   *
   * @param sinceSeq the last number the subscriber has seen; null: only what comes from now on
   */
  void subscribe(LiveSubscription subscription, @Nullable Long sinceSeq) {
    if (subscription.isPattern()) {
      patterns.add(subscription);
      return;
    }
    while (true) {
      Topic topic;
      synchronized (topics) {
        topic = topics.get(subscription.destination());
        if (topic == null) {
          await(subscription, sinceSeq);
          return;
        }
      }
      if (topic.subscribe(subscription, sinceSeq)) {
        return;
      }
    }
  }

  /** Nothing is kept of what was sent to its destination, if anything was. */
  private void await(LiveSubscription subscription, @Nullable Long sinceSeq) {
    var destination = subscription.destination();
    awaiting.computeIfAbsent(destination, _ -> new LinkedHashSet<>()).add(subscription);
    Topic.missed(subscription, numbers(destination), sinceSeq);
  }

  void unsubscribe(LiveSubscription subscription) {
    patterns.remove(subscription);
    synchronized (topics) {
      var destination = subscription.destination();
      var topic = topics.get(destination);
      if (topic != null) {
        topic.unsubscribe(subscription);
      }
      var others = awaiting.get(destination);
      if (others != null && others.remove(subscription) && others.isEmpty()) {
        awaiting.remove(destination);
      }
    }
  }

  /** The destination's topic, made when it is new. */
  private Topic topic(String destination) {
    synchronized (topics) {
      var known = topics.get(destination);
      if (known != null) {
        return known;
      }
      if (topics.size() >= MAX_TOPICS) {
        evict();
      }
      var numbers = numbers(destination);
      evicted.remove(destination);
      var listeners = awaiting.remove(destination);
      var made =
          new Topic(destination, numbers, listeners == null ? Set.of() : listeners, keptBytes);
      topics.put(destination, made);
      return made;
    }
  }

  /** The numbers that a destination without a topic has used, or begins with. */
  private Topic.Numbers numbers(String destination) {
    var before = evicted.get(destination);
    var now = clock.millis();
    return before == null ? new Topic.Numbers(now, now - 1) : before;
  }

  private void remember(String destination, Topic.Numbers numbers) {
    if (evicted.size() >= MAX_REMEMBERED) {
      // The one forgotten longest ago begins at the clock's time again, which is no less.
      evicted.remove(evicted.keySet().iterator().next());
    }
    evicted.put(destination, numbers);
  }

  private void evict() {
    String chosen = null;
    int looked = 0;
    for (var entry : topics.entrySet()) {
      chosen = chosen == null ? entry.getKey() : chosen;
      if (entry.getValue().isIdle()) {
        chosen = entry.getKey();
        break;
      }
      if (++looked == LOOK_FOR_IDLE) {
        break;
      }
    }
    var gone = chosen == null ? null : topics.remove(chosen);
    if (chosen != null && gone != null) {
      var listeners = gone.close();
      if (!listeners.isEmpty()) {
        awaiting.put(chosen, listeners);
      }
      remember(chosen, gone.numbers());
    }
  }
}
