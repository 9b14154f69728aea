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
    Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable String endedBy) {

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
        rule.createdAt(),
        rule.endedAt(),
        rule.endedBy());
  }
}
