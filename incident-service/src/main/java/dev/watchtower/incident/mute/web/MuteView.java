package dev.watchtower.incident.mute.web;

import dev.watchtower.incident.mute.Matchers;
import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A silence or a maintenance window as readers see it.
 *
 * @param active the stretch in force now
 * @param next the next stretch to come
 * @param endsAt of what recurs: from when on no stretch begins
 * @param past the stretches of what recurs that ended within the last two weeks, the earliest first
 */
record MuteView(
    UUID id,
    MuteRule.Kind kind,
    MuteRule.State state,
    Matchers matchers,
    String author,
    String reason,
    Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable RecurringView recurring,
    Schedule.@Nullable Span active,
    Schedule.@Nullable Span next,
    List<Schedule.Span> past,
    Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable String endedBy) {

  private static final Duration TOLD = Duration.ofDays(14);

  /** What recurs every week. */
  record RecurringView(String timeZone, List<DayOfWeek> days, String at, Duration duration) {}

  static MuteView of(MuteRule rule, Instant now) {
    var schedule = rule.schedule();
    var state = rule.state(now);
    boolean over = state == MuteRule.State.EXPIRED;
    return new MuteView(
        rule.id(),
        rule.kind(),
        state,
        rule.matchers(),
        rule.author(),
        rule.reason(),
        schedule.from(),
        schedule.to(),
        schedule instanceof Schedule.Weekly w
            ? new RecurringView(
                w.zone().getId(),
                w.days().stream().sorted().toList(),
                w.at().toString(),
                w.length())
            : null,
        over ? null : schedule.activeAt(now).orElse(null),
        over ? null : schedule.nextAfter(now).orElse(null),
        schedule instanceof Schedule.Weekly w ? past(w, rule.endedAt(), now) : List.of(),
        rule.createdAt(),
        rule.endedAt(),
        rule.endedBy());
  }

  private static List<Schedule.Span> past(
      Schedule.Weekly weekly, @Nullable Instant ended, Instant now) {
    var until = ended != null && ended.isBefore(now) ? ended : now;
    return weekly.between(now.minus(TOLD), until).stream()
        .map(span -> span.to().isAfter(until) ? new Schedule.Span(span.from(), until) : span)
        // What lasts until now is in force, unless somebody ended it.
        .filter(span -> span.to().isBefore(now) && span.to().isAfter(now.minus(TOLD)))
        .toList();
  }
}
