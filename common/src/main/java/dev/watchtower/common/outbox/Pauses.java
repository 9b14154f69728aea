package dev.watchtower.common.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Topics whose one receiver does not answer: instead of every message for itself, one is tried now
 * and then, and the others wait for it. Times by {@link System#nanoTime}. Thread-safe.
 */
final class Pauses {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MORE = Duration.ofSeconds(2);

  private final Map<String, Long> until = new HashMap<>();

  /** The topics that are not paused. */
  synchronized List<String> open(Collection<String> topics) {
    return topics.stream().filter(topic -> !until.containsKey(topic)).toList();
  }

  /** The paused topics of which one message is to be tried now. */
  synchronized List<String> due(long now) {
    return until.entrySet().stream()
        .filter(e -> e.getValue() - now <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** One message is tried; unless that ends before, another one in {@code limit}. */
  synchronized void tried(String topic, long now, Duration limit) {
    until.computeIfPresent(topic, (_, _) -> now + limit.toNanos());
  }

  /** The receiver did not answer; returns how long its topic is paused. */
  synchronized Duration failed(String topic, long now) {
    var pause = until.containsKey(topic) ? MORE : FIRST;
    until.put(topic, now + pause.toNanos());
    return pause;
  }

  /** The receiver answered, whatever; returns whether its topic was paused. */
  synchronized boolean answered(String topic) {
    return until.remove(topic) != null;
  }
}
