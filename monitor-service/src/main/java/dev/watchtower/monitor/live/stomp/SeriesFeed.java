package dev.watchtower.monitor.live.stomp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one subscriber to series gets. While it is slow, of each series only the newest sample is
 * kept for it, and sent when it has caught up. Thread-safe; never waits.
 */
final class SeriesFeed {
  /** More than ingest-service sends to one subscription at a time. */
  static final int MOST_SERIES = 500;

  /** A message, as ingest-service's own. */
  private record Batch(long seq, List<JsonNode> samples, JsonNode leftOut) {}

  private final BooleanSupplier behind;
  private final Consumer<LongFunction<?>> target;

  /** The newest of each series that were not sent, by labels. */
  private final Map<JsonNode, JsonNode> held = new LinkedHashMap<>();

  private JsonNode leftOut = IntNode.valueOf(0);

  /**
   * @param behind whether the subscriber is slow now
   * @param target takes a message, given its number
   */
  SeriesFeed(BooleanSupplier behind, Consumer<LongFunction<?>> target) {
    this.behind = behind;
    this.target = target;
  }

  /** Takes a message of ingest-service. */
  synchronized void take(ObjectNode message) {
    leftOut = message.path("leftOut");
    if (held.isEmpty() && !behind.getAsBoolean()) {
      target.accept(seq -> message.put("seq", seq));
      return;
    }
    for (var sample : message.path("samples")) {
      held.remove(sample.path("labels"));
      held.put(sample.path("labels"), sample);
    }
    while (held.size() > MOST_SERIES) {
      held.remove(held.keySet().iterator().next());
    }
    // It may have caught up meanwhile, and would not be woken any more.
    if (!behind.getAsBoolean()) {
      flush();
    }
  }

  /** The subscriber has caught up. */
  synchronized void flush() {
    if (!held.isEmpty()) {
      var samples = List.copyOf(held.values());
      var missing = leftOut;
      held.clear();
      target.accept(seq -> new Batch(seq, samples, missing));
    }
  }
}
