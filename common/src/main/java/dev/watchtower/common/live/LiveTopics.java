package dev.watchtower.common.live;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
 * <p>Bounds: {@link #MAX_TOPICS} destinations (the one that was silent longest gives way, if nobody
 * listens to it; of {@link #MAX_REMEMBERED} such the numbers are remembered), and what {@link
 * Topic} keeps for replay: all together a share of the heap, beyond which those that were silent
 * longest keep nothing.
 */
public final class LiveTopics {
  static final int MAX_TOPICS = 2_000;
  static final int MAX_REMEMBERED = 20_000;

  /** Of the heap, for what is kept for replay. */
  private static final int SHARE_OF_HEAP = 16;

  private final JsonMapper json;
  private final Clock clock;
  private final Map<String, Topic> topics = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Topic.Numbers> evicted = new LinkedHashMap<>();
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
    var topic = topic(destination);
    if (topic != null) {
      topic.publish(seq -> json.writeValueAsBytes(messageOfSeq.apply(seq)), patterns);
      if (keptBytes.get() > maxKeptBytes) {
        keepLess();
      }
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
   * @return false if there is no room for another destination
   */
  boolean subscribe(LiveSubscription subscription, @Nullable Long sinceSeq) {
    if (subscription.isPattern()) {
      return patterns.add(subscription);
    }
    var topic = topic(subscription.destination());
    if (topic == null) {
      return false;
    }
    topic.subscribe(subscription, sinceSeq);
    return true;
  }

  void unsubscribe(LiveSubscription subscription) {
    patterns.remove(subscription);
    Topic topic;
    synchronized (topics) {
      topic = topics.get(subscription.destination());
    }
    if (topic != null) {
      topic.unsubscribe(subscription);
    }
  }

  /** The destination's topic, made when it is new; null when there are too many with listeners. */
  private @Nullable Topic topic(String destination) {
    synchronized (topics) {
      var known = topics.get(destination);
      if (known != null) {
        return known;
      }
      if (topics.size() >= MAX_TOPICS && !evict()) {
        return null;
      }
      var now = clock.millis();
      var before = evicted.remove(destination);
      var numbers = before == null ? new Topic.Numbers(now, now - 1) : before;
      var made = new Topic(destination, numbers, keptBytes);
      topics.put(destination, made);
      return made;
    }
  }

  private void remember(String destination, Topic.Numbers numbers) {
    if (evicted.size() >= MAX_REMEMBERED) {
      // The one forgotten longest ago begins at the clock's time again, which is no less.
      evicted.remove(evicted.keySet().iterator().next());
    }
    evicted.put(destination, numbers);
  }

  private boolean evict() {
    List<Map.Entry<String, Topic>> eldestFirst = new ArrayList<>(topics.entrySet());
    for (var entry : eldestFirst) {
      if (entry.getValue().isIdle()) {
        topics.remove(entry.getKey());
        entry.getValue().dropKept();
        remember(entry.getKey(), entry.getValue().numbers());
        return true;
      }
    }
    return false;
  }
}
