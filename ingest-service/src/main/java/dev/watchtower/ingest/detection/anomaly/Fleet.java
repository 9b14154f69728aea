package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Which services of an environment are unusual now. What breaks a database, a network or a host is
 * seen in several services at once, often weakly in each. For one thread; as many services as are
 * noted and not forgotten.
 */
public final class Fleet {
  /** So many of a service's steps it counts as unusual, from the one on that was. */
  private static final int LASTS = 2;

  /** A service that was not heard for so many steps does not count. */
  private static final int HEARD = 12;

  private record Mark(long at, long step, long unusualAt) {
    boolean isHeard(long now, long other) {
      return isNear(at, now, HEARD * Math.max(step, other));
    }

    boolean isUnusual(long now, long other) {
      return unusualAt != Long.MIN_VALUE && isNear(unusualAt, now, LASTS * Math.max(step, other));
    }

    /** Also one that is ahead: services are looked at one after the other, and clocks differ. */
    private static boolean isNear(long then, long now, long within) {
      return Math.abs(now - then) < within;
    }
  }

  private final Map<ServiceKey, Mark> marks = new HashMap<>();

  /**
   * Takes how a service is.
   *
   * @param at event time, milliseconds since the epoch
   * @param step milliseconds until it is looked at again
   */
  public void note(ServiceKey key, long at, long step, boolean unusual) {
    Mark before = marks.get(key);
    marks.put(
        key,
        new Mark(at, step, unusual ? at : before == null ? Long.MIN_VALUE : before.unusualAt()));
  }

  /** How the others of its environment are, seen from a service's step at {@code at}. */
  public Others others(ServiceKey key, long at, long step) {
    int known = 0;
    int unusual = 0;
    for (Map.Entry<ServiceKey, Mark> other : marks.entrySet()) {
      if (other.getKey().env().equals(key.env())
          && !other.getKey().equals(key)
          && other.getValue().isHeard(at, step)) {
        known++;
        unusual += other.getValue().isUnusual(at, step) ? 1 : 0;
      }
    }
    return new Others(unusual, known);
  }

  /** Forgets a service. */
  void forget(ServiceKey key) {
    marks.remove(key);
  }
}
