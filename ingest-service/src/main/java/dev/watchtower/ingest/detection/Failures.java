package dev.watchtower.ingest.detection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What cannot be done at present, by what it is, each with the last reason: it counts as failing
 * until it has worked itself, whatever else works meanwhile. As large as there are different things
 * to do. Thread-safe.
 */
public final class Failures {
  /** Failures that are told; of more there is only the number. */
  public static final int MOST_TOLD = 20;

  private final Map<String, String> reasons = new TreeMap<>();
  private final Map<String, Integer> byReason = new HashMap<>();

  /**
   * Something failed.
   *
   * @param what in the words of the catalog, such as {@code rules.full}
   * @return whether it is worth a line in the log: nothing fails for that reason so far
   */
  public synchronized boolean failed(String what, String reason) {
    if (reason.equals(reasons.get(what))) {
      return false;
    }
    worked(what);
    reasons.put(what, reason);
    return byReason.merge(reason, 1, Integer::sum) == 1;
  }

  /** It worked, or is not to be done any more. */
  public synchronized void worked(String what) {
    String old = reasons.remove(what);
    if (old != null) {
      byReason.computeIfPresent(old, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Forgets what is not to be done any more. */
  public synchronized void keep(Predicate<String> isDone) {
    List.copyOf(reasons.keySet()).stream().filter(isDone.negate()).forEach(this::worked);
  }

  /** What fails and why, sorted. */
  public synchronized List<String> told() {
    List<String> told =
        new ArrayList<>(
            reasons.entrySet().stream()
                .limit(MOST_TOLD)
                .map(e -> e.getKey() + ": " + e.getValue())
                .toList());
    if (reasons.size() > MOST_TOLD) {
      told.add("and " + (reasons.size() - MOST_TOLD) + " more");
    }
    return told;
  }
}
