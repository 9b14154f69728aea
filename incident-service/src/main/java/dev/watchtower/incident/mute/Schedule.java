package dev.watchtower.incident.mute;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When something is in force. Pure. */
public sealed interface Schedule {
  /** A stretch of time; the end is not part of it. */
  record Span(Instant from, Instant to) {
    boolean covers(Instant at) {
      return !at.isBefore(from) && at.isBefore(to);
    }

    private boolean isBetween(Instant since, Instant until) {
      return from.isBefore(until) && to.isAfter(since);
    }
  }

  /** The stretch in force at {@code now}. */
  Optional<Span> activeAt(Instant now);

  /** The next stretch that begins after {@code now}. */
  Optional<Span> nextAfter(Instant now);

  /**
   * The stretches that began before {@code until} and end after {@code since}, the earliest first;
   * of what recurs, those of a few weeks should be asked for at most.
   */
  List<Span> between(Instant since, Instant until);

  /** When it first can be in force. */
  Instant from();

  /** When it is over for good; null for never. */
  @Nullable Instant to();

  /** One stretch. */
  record Once(Instant from, Instant to) implements Schedule {
    public Once {
      if (!to.isAfter(from)) {
        throw new IllegalArgumentException("it must end after it starts");
      }
    }

    @Override
    public Optional<Span> activeAt(Instant now) {
      return Optional.of(new Span(from, to)).filter(s -> s.covers(now));
    }

    @Override
    public Optional<Span> nextAfter(Instant now) {
      return Optional.of(new Span(from, to)).filter(s -> s.from().isAfter(now));
    }

    @Override
    public List<Span> between(Instant since, Instant until) {
      return Stream.of(new Span(from, to)).filter(s -> s.isBetween(since, until)).toList();
    }
  }

  /**
   * The same stretch on certain days of every week. It begins by the wall clock of its zone: a time
   * that daylight saving skips is moved on by the gap, one that comes twice is taken the first
   * time. Its length is elapsed time.
   *
   * @param from no stretch begins before
   * @param to no stretch begins at this instant or later; null for no end
   */
  record Weekly(
      ZoneId zone,
      Set<DayOfWeek> days,
      LocalTime at,
      Duration length,
      Instant from,
      @Nullable Instant to)
      implements Schedule {
    /** The longest stretch. */
    public static final Duration MAX = Duration.ofDays(7);

    public Weekly {
      days = Set.copyOf(days);
      if (days.isEmpty()) {
        throw new IllegalArgumentException("at least one day");
      }
      if (!length.isPositive() || length.compareTo(MAX) > 0) {
        throw new IllegalArgumentException("longer than nothing, and at most seven days");
      }
    }

    @Override
    public Optional<Span> activeAt(Instant now) {
      var today = LocalDate.ofInstant(now, zone);
      Span found = null;
      // The last stretch that began is the one that lasts longest.
      for (var day = today.minusDays(8); !day.isAfter(today); day = day.plusDays(1)) {
        found = spanOf(day).filter(s -> s.covers(now)).orElse(found);
      }
      return Optional.ofNullable(found);
    }

    @Override
    public Optional<Span> nextAfter(Instant now) {
      var start = now.isBefore(from) ? from.minusNanos(1) : now;
      var today = LocalDate.ofInstant(start, zone);
      for (int i = 0; i <= 8; i++) {
        var span = spanOf(today.plusDays(i)).filter(s -> s.from().isAfter(start));
        if (span.isPresent()) {
          return span;
        }
      }
      return Optional.empty();
    }

    @Override
    public List<Span> between(Instant since, Instant until) {
      var first = LocalDate.ofInstant(since, zone).minusDays(8);
      var last = LocalDate.ofInstant(until, zone);
      return last.isBefore(first)
          ? List.of()
          : first
              .datesUntil(last.plusDays(1))
              .flatMap(day -> spanOf(day).stream())
              .filter(s -> s.isBetween(since, until))
              .toList();
    }

    private Optional<Span> spanOf(LocalDate day) {
      if (!days.contains(day.getDayOfWeek())) {
        return Optional.empty();
      }
      var begin = ZonedDateTime.of(day, at, zone).toInstant();
      return begin.isBefore(from) || (to != null && !begin.isBefore(to))
          ? Optional.empty()
          : Optional.of(new Span(begin, begin.plus(length)));
    }
  }
}
