package dev.watchtower.common.live;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The live topics of a service. Every destination numbers its messages from 1, so that a subscriber
 * sees a gap, and keeps the newest ones, so that it can fill it. Publishing never waits for a
 * subscriber. Safe for use by several threads; the messages of one destination are in order.
 *
 * <p>Bounds: {@link #MAX_TOPICS} destinations (the one that was silent longest gives way, if nobody
 * listens to it), and what {@link Topic} keeps for replay.
 */
public final class LiveTopics {
  static final int MAX_TOPICS = 2_000;

  private final JsonMapper json;
  private final Clock clock;
  private final Map<String, Topic> topics = new LinkedHashMap<>(64, 0.75f, true);
  private final Set<LiveSubscription> patterns = new CopyOnWriteArraySet<>();

  /**
   * Topics whose messages are written by {@code json}. A destination's numbers begin at the time of
   * its first use in milliseconds, so that numbers of an earlier life of the service are never
   * taken for those of this one.
   */
  public LiveTopics(JsonMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
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
    }
  }

  /** The sequence number of the destination's newest message; 0 before the first. */
  public long lastSeq(String destination) {
    synchronized (topics) {
      var topic = topics.get(destination);
      return topic == null ? 0 : topic.lastSeq();
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
      var made = new Topic(destination, clock.millis());
      topics.put(destination, made);
      return made;
    }
  }

  private boolean evict() {
    List<Map.Entry<String, Topic>> eldestFirst = new ArrayList<>(topics.entrySet());
    for (var entry : eldestFirst) {
      if (entry.getValue().isIdle()) {
        topics.remove(entry.getKey());
        return true;
      }
    }
    return false;
  }
}
