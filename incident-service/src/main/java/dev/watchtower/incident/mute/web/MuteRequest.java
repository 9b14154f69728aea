package dev.watchtower.incident.mute.web;

import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.mute.Matchers;
import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Schedule;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A silence or a maintenance window that somebody asks for. Its length is given by {@code endsAt}
 * or by {@code duration} (ISO 8601, such as PT2H).
 *
 * @param startsAt absent for now
 * @param recurring for windows only
 */
record MuteRequest(
    @Nullable MatchersRequest matchers,
    @Nullable String reason,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Duration duration,
    @Nullable Recurring recurring) {
  private static final int MAX_ENTRIES = 50;
  private static final int MAX_TEXT = 200;
  private static final int MAX_REASON = 1000;
  private static final String EMPTY = "must not be empty: leave it out where it does not matter";

  /** The longest silence, or single window. */
  static final Duration LONGEST = Duration.ofDays(90);

  /** What it covers; absent parts cover everything, and empty ones are refused. */
  record MatchersRequest(
      @Nullable List<@Nullable String> services,
      @Nullable List<@Nullable String> environments,
      @Nullable List<@Nullable Severity> severities,
      @Nullable List<@Nullable String> rules,
      @Nullable Map<String, String> labels) {}

  /**
   * What recurs every week.
   *
   * @param days absent for every day; an empty list is refused
   * @param at wall-clock time, such as 02:30
   */
  record Recurring(
      @Nullable String timeZone,
      @Nullable List<@Nullable DayOfWeek> days,
      @Nullable String at,
      @Nullable Duration duration) {}

  Matchers checkedMatchers() {
    if (matchers == null) {
      throw Problem.badField("matchers", "this field is required");
    }
    var checked =
        new Matchers(
            texts("matchers.services", matchers.services()),
            texts("matchers.environments", matchers.environments()),
            some("matchers.severities", matchers.severities()),
            texts("matchers.rules", matchers.rules()),
            labels(matchers.labels()));
    if (checked.coversAll()) {
      throw Problem.badField(
          "matchers", "expected at least one of services, environments, severities, rules, labels");
    }
    return checked;
  }

  private static List<String> texts(String path, @Nullable List<@Nullable String> texts) {
    if (texts == null) {
      return List.of();
    }
    if (texts.size() > MAX_ENTRIES) {
      throw Problem.badField(path, "at most " + MAX_ENTRIES + " entries");
    }
    return some(path, texts).stream().map(t -> Input.line(path, t, MAX_TEXT)).toList();
  }

  /** An empty list is a list that was to be filled, and covers everything if it is taken. */
  private static <T> List<T> some(String path, @Nullable List<@Nullable T> values) {
    if (values != null && values.isEmpty()) {
      throw Problem.badField(path, EMPTY);
    }
    return Fields.noNulls(path, values);
  }

  private static Map<String, String> labels(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return Map.of();
    }
    if (labels.isEmpty()) {
      throw Problem.badField("matchers.labels", EMPTY);
    }
    if (labels.size() > MAX_ENTRIES) {
      throw Problem.badField("matchers.labels", "at most " + MAX_ENTRIES + " entries");
    }
    labels.forEach((name, value) -> {
      Input.line("matchers.labels", name, MAX_TEXT);
      Input.line("matchers.labels." + name, value, MAX_TEXT);
    });
    return labels;
  }

  String checkedReason() {
    return Input.line("reason", reason, MAX_REASON);
  }

  Schedule checkedSchedule(MuteRule.Kind kind, Instant now) {
    var begins = Input.time("startsAt", startsAt);
    var unused = Input.time("endsAt", endsAt);
    var from = begins == null ? now : begins;
    if (recurring == null) {
      return once(kind, from, now);
    }
    if (kind == MuteRule.Kind.SILENCE) {
      throw Problem.badField("recurring", "a silence does not recur: make a maintenance window");
    }
    if (duration != null) {
      throw Problem.badField("duration", "give the length of each stretch in recurring.duration");
    }
    if (endsAt != null && (!endsAt.isAfter(from) || !endsAt.isAfter(now))) {
      throw Problem.badField("endsAt", "must be after startsAt, and in the future");
    }
    var weekly = weekly(recurring, from);
    if (weekly.activeAt(now).isEmpty() && weekly.nextAfter(now).isEmpty()) {
      throw Problem.badField("endsAt", "no stretch begins before it");
    }
    return weekly;
  }

  private Schedule once(MuteRule.Kind kind, Instant from, Instant now) {
    if ((endsAt == null) == (duration == null)) {
      var what = kind == MuteRule.Kind.SILENCE ? "silence ends" : "window that does not recur ends";
      throw Problem.badField("endsAt", "expected either endsAt or duration: every " + what);
    }
    if (duration != null
        && (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0)) {
      throw Problem.badField(
          "duration", "expected more than nothing and at most %d days".formatted(LONGEST.toDays()));
    }
    var path = endsAt == null ? "duration" : "endsAt";
    var to = endsAt != null ? endsAt : from.plus(duration == null ? Duration.ZERO : duration);
    if (!to.isAfter(from) || !to.isAfter(now)) {
      throw Problem.badField(path, "must end after it starts, and in the future");
    }
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw Problem.badField(path, "expected at most %d days".formatted(LONGEST.toDays()));
    }
    return new Schedule.Once(from, to);
  }

  private Schedule weekly(Recurring wanted, Instant from) {
    var days = some("recurring.days", wanted.days());
    var length = wanted.duration();
    if (length == null || length.toSeconds() < 1 || length.compareTo(Schedule.Weekly.MAX) > 0) {
      throw Problem.badField(
          "recurring.duration", "expected a length such as PT2H, at least PT1S and at most P7D");
    }
    return new Schedule.Weekly(
        zone(wanted.timeZone()),
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days),
        time(wanted.at()),
        length,
        from,
        endsAt);
  }

  private static ZoneId zone(@Nullable String name) {
    try {
      return ZoneId.of(Input.line("recurring.timeZone", name, MAX_TEXT));
    } catch (DateTimeException e) {
      throw Problem.badField("recurring.timeZone", "expected a time zone such as Europe/Berlin");
    }
  }

  private static LocalTime time(@Nullable String text) {
    try {
      return LocalTime.parse(Input.line("recurring.at", text, MAX_TEXT));
    } catch (DateTimeParseException e) {
      throw Problem.badField("recurring.at", "expected a time of day such as 02:30");
    }
  }
}
