package dev.watchtower.incident.remediation;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when plans fail each time that they are to be begun: one that can never be begun would keep
 * all later ones of its service waiting. Forgotten with a restart, after which it is tried as long
 * again. Thread-safe; holds only what was looked at last.
 */
final class VainPlans {
  /** How long a plan is tried, from its first failure on. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int MAX_WORDS = 200;

  private final Map<UUID, Instant> since = new ConcurrentHashMap<>();

  /** Notes that a plan failed now; whether it has been tried for long enough. */
  boolean isOver(UUID plan, Instant now) {
    return !now.isBefore(since.computeIfAbsent(plan, id -> now).plus(PATIENCE));
  }

  /** The end of a plan that failed once more. */
  Repairs.End end(UUID plan, RuntimeException why) {
    return Repairs.End.failed(
        "it could not be begun since %s: %s".formatted(since.get(plan), words(why)));
  }

  /** The plan got on, or is over. */
  void forget(UUID plan) {
    since.remove(plan);
  }

  /** Forgets all others. */
  void keepOnly(Collection<UUID> plans) {
    since.keySet().retainAll(plans);
  }

  private static String words(RuntimeException why) {
    Throwable root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    var line = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), MAX_WORDS));
  }
}
