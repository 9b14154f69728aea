package dev.watchtower.monitor.uptime;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns conditions seen at instants into time per minute: the time between two looks belongs to the
 * condition of the earlier one. Not safe for use by several threads.
 */
public final class UptimeLedger {
  private record Seen(Condition condition, Instant at) {}

  private final Duration longestGap;
  private final Map<String, Seen> seen = new HashMap<>();

  /** Looks further apart than {@code longestGap} leave the time between unmeasured. */
  public UptimeLedger(Duration longestGap) {
    this.longestGap = longestGap;
  }

  /** Takes the conditions of all subjects at {@code now}, and gives the time they have earned. */
  public List<Credit> look(Map<String, Condition> conditions, Instant now) {
    var credits = new ArrayList<Credit>();
    conditions.forEach((subject, condition) -> {
      var before = seen.get(subject);
      if (before != null
          && now.isAfter(before.at())
          && Duration.between(before.at(), now).compareTo(longestGap) <= 0
          && before.condition() != Condition.UNKNOWN) {
        credits.addAll(split(subject, before.condition(), before.at(), now));
      }
      seen.put(subject, new Seen(condition, now));
    });
    seen.keySet().retainAll(conditions.keySet());
    return List.copyOf(credits);
  }

  private static List<Credit> split(String subject, Condition condition, Instant from, Instant to) {
    var credits = new ArrayList<Credit>();
    var at = from;
    while (at.isBefore(to)) {
      var minute = at.truncatedTo(ChronoUnit.MINUTES);
      var next = minute.plus(1, ChronoUnit.MINUTES);
      var end = next.isBefore(to) ? next : to;
      credits.add(
          new Credit(subject, minute, Shares.of(condition, Duration.between(at, end).toMillis())));
      at = end;
    }
    return credits;
  }
}
