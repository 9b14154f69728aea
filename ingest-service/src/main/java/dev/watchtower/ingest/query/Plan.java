package dev.watchtower.ingest.query;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The places of the parts of queries that are read or computed as a whole: parts of equal meaning
 * have the same one, wherever they stand. Comparing trees costs as much as they are large, so it is
 * done once for a query and not at each of its instants. Grows as it is asked. For one thread.
 */
final class Plan {
  private final Map<Expr, Integer> byMeaning = new HashMap<>();
  private final Map<Expr, Integer> places = new IdentityHashMap<>();

  /** The place of a part, counted from 0 in the order in which they were asked for. */
  int place(Expr part) {
    Integer known = places.get(part);
    if (known == null) {
      known = byMeaning.computeIfAbsent(part, _ -> byMeaning.size());
      places.put(part, known);
    }
    return known;
  }
}
