package dev.watchtower.ingest.query.live;

import dev.watchtower.ingest.query.live.SeriesWatches.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * What one subscriber gets. While it is slow, of each series only the newest sample is kept for it,
 * and sent when it has caught up. Thread-safe; never waits.
 */
final class SeriesFeed implements SeriesWatches.Listener {
  /** The message. */
  record SeriesBatch(long seq, List<Point> samples, int leftOut) {}

  private final BooleanSupplier behind;
  private final Consumer<LongFunction<?>> target;

  /** The newest of each series that were not sent, by labels. */
  private final Map<Map<String, String>, Point> held = new LinkedHashMap<>();

  private int leftOut;

  /**
   * @param behind whether the subscriber is slow now
   * @param target takes a message, given its number
   */
  SeriesFeed(BooleanSupplier behind, Consumer<LongFunction<?>> target) {
    this.behind = behind;
    this.target = target;
  }

  @Override
  public synchronized void take(List<Point> points, int leftOut) {
    this.leftOut = leftOut;
    if (held.isEmpty() && !behind.getAsBoolean()) {
      send(points);
      return;
    }
    for (Point point : points) {
      held.merge(point.labels(), point, (older, newer) -> newer.ts() < older.ts() ? older : newer);
    }
    // It may have caught up meanwhile, and would not be woken any more.
    if (!behind.getAsBoolean()) {
      flush();
    }
  }

  /** The subscriber has caught up. */
  synchronized void flush() {
    if (!held.isEmpty()) {
      send(new ArrayList<>(held.values()));
      held.clear();
    }
  }

  private void send(List<Point> points) {
    int missing = leftOut;
    target.accept(seq -> new SeriesBatch(seq, points, missing));
  }
}
