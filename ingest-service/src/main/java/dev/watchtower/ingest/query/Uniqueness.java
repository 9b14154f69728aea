package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sees to it that a vector has no label set twice; at one instant after the other, of the same part
 * of a query. For one thread.
 */
final class Uniqueness {
  private final LabelRow known = new LabelRow();

  /**
   * The vector of these samples.
   *
   * @throws QueryException if two have the same labels
   */
  Value.Vector of(List<Value.Sample> samples) {
    if (known.places(samples) != null) {
      // Part of what was checked before.
      return new Value.Vector(samples);
    }
    Value.Vector vector = checked(samples);
    known.remember(samples);
    return vector;
  }

  /** The same for one instant by itself. */
  static Value.Vector checked(List<Value.Sample> samples) {
    Set<Labels> seen = HashSet.newHashSet(samples.size());
    for (Value.Sample sample : samples) {
      if (!seen.add(sample.labels())) {
        throw QueryException.execution("vector cannot contain metrics with the same labelset");
      }
    }
    return new Value.Vector(samples);
  }
}
