package dev.watchtower.ingest.query;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the evaluation of a query keeps of its parts, by their places in the {@link Plan}: their
 * values until the next instant, and for all instants which label sets they have. At each place the
 * most that was kept there counts as produced. For one thread.
 */
final class Kept {
  private final Budget budget;
  private final Slots<Value> values = new Slots<>();
  private final Slots<Uniqueness> seen = new Slots<>();
  private int[] counted = new int[8];

  Kept(Budget budget) {
    this.budget = budget;
  }

  /** Forgets the values. */
  void nextInstant() {
    values.clear();
  }

  /** What was computed at this instant. */
  @Nullable Value value(int place) {
    return values.get(place);
  }

  /**
   * Keeps a value until the next instant.
   *
   * @throws QueryException if all that is kept is too much
   */
  void keep(int place, Value value) {
    if (value instanceof Value.Vector vector) {
      count(place, vector.samples().size());
    }
    values.set(place, value);
  }

  /**
   * The vector of these samples.
   *
   * @throws QueryException if two have the same labels, or all that is kept is too much
   */
  Value.Vector unique(int place, List<Value.Sample> samples) {
    count(place, samples.size());
    Uniqueness uniqueness = seen.get(place);
    if (uniqueness == null) {
      uniqueness = new Uniqueness();
      seen.set(place, uniqueness);
    }
    return uniqueness.of(samples);
  }

  /**
   * Counts what is kept at a place.
   *
   * @throws QueryException if all that is kept is too much
   */
  void count(int place, int samples) {
    if (place >= counted.length) {
      counted = Arrays.copyOf(counted, Math.max(place + 1, counted.length * 2));
    }
    if (samples > counted[place]) {
      budget.charge(samples - counted[place]);
      counted[place] = samples;
    }
  }
}
