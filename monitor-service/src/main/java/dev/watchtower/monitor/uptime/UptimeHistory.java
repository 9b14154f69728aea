package dev.watchtower.monitor.uptime;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The days of every subject, in memory: {@value #DAYS} of them. Safe for use by several threads;
 * reading never waits.
 */
public final class UptimeHistory {
  /** How many days are kept, today included. */
  public static final int DAYS = 400;

  private final Map<String, NavigableMap<LocalDate, Shares>> days = new ConcurrentHashMap<>();

  /** The history that the store has. */
  public UptimeHistory(Map<String, Map<LocalDate, Shares>> kept) {
    kept.forEach((subject, shares) -> days.put(subject, new ConcurrentSkipListMap<>(shares)));
  }

  /** Adds the credits. */
  public void add(List<Credit> credits) {
    for (var credit : credits) {
      var ofSubject = days.computeIfAbsent(credit.subject(), _ -> new ConcurrentSkipListMap<>());
      ofSubject.merge(dayOf(credit.minute()), credit.shares(), Shares::plus);
      while (ofSubject.size() > DAYS) {
        ofSubject.pollFirstEntry();
      }
    }
  }

  /** The measured days of a subject in {@code [from, to]}, oldest first. */
  public NavigableMap<LocalDate, Shares> of(String subject, LocalDate from, LocalDate to) {
    var ofSubject = days.get(subject);
    return ofSubject == null
        ? new ConcurrentSkipListMap<>()
        : new ConcurrentSkipListMap<>(ofSubject.subMap(from, true, to, true));
  }

  /** The sum over {@code [from, to]}. */
  public Shares sum(String subject, LocalDate from, LocalDate to) {
    return of(subject, from, to).values().stream().reduce(Shares.NONE, Shares::plus);
  }

  /** The day of an instant, in UTC. */
  public static LocalDate dayOf(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
