package dev.watchtower.monitor.uptime;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Where uptime outlives the process. */
public interface UptimeStore {
  /** Adds the credits to their minutes and days (UTC), all or none. */
  void add(List<Credit> credits);

  /** The days since {@code from}, by subject. */
  Map<String, Map<LocalDate, Shares>> daysSince(LocalDate from);

  /** The minutes of one subject in {@code [from, to)}, oldest first, at most {@code limit}. */
  List<Credit> minutes(String subject, Instant from, Instant to, int limit);

  /** Forgets minutes before {@code minutes} and days before {@code days}. */
  void forget(Instant minutes, LocalDate days);
}
