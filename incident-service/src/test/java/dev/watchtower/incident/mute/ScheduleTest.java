package dev.watchtower.incident.mute;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Schedule sundays(String at, Duration length) {
    return new Schedule.Weekly(
        BERLIN,
        Set.of(DayOfWeek.SUNDAY),
        LocalTime.parse(at),
        length,
        Instant.parse("2026-01-01T00:00:00Z"),
        null);
  }

  private static Schedule.Span span(String from, String to) {
    return new Schedule.Span(Instant.parse(from), Instant.parse(to));
  }

  @Test
  void aStretchHasItsStartButNotItsEnd() {
    var once =
        new Schedule.Once(
            Instant.parse("2026-03-02T10:00:00Z"), Instant.parse("2026-03-02T11:00:00Z"));

    assertThat(once.activeAt(Instant.parse("2026-03-02T09:59:59.999Z"))).isEmpty();
    assertThat(once.activeAt(Instant.parse("2026-03-02T10:00:00Z"))).isPresent();
    assertThat(once.activeAt(Instant.parse("2026-03-02T11:00:00Z"))).isEmpty();
    assertThat(once.nextAfter(Instant.parse("2026-03-02T09:00:00Z"))).isPresent();
    assertThat(once.nextAfter(Instant.parse("2026-03-02T10:00:00Z"))).isEmpty();
  }

  @Test
  void theWallClockCountsInWinterAndInSummer() {
    var rule = sundays("03:30", Duration.ofHours(1));

    assertThat(rule.nextAfter(Instant.parse("2026-03-16T00:00:00Z")))
        .contains(span("2026-03-22T02:30:00Z", "2026-03-22T03:30:00Z"));
    assertThat(rule.nextAfter(Instant.parse("2026-03-23T00:00:00Z")))
        .contains(span("2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"));
  }

  @Test
  void aTimeThatIsSkippedInSpringIsMovedOn() {
    // At 02:00 the clocks of 2026-03-29 go on to 03:00.
    assertThat(
            sundays("02:30", Duration.ofHours(1)).nextAfter(Instant.parse("2026-03-28T12:00:00Z")))
        .contains(span("2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"));
  }

  @Test
  void aTimeThatComesTwiceInAutumnIsTakenTheFirstTimeOnly() {
    // At 03:00 the clocks of 2026-10-25 go back to 02:00.
    var rule = sundays("02:30", Duration.ofMinutes(20));
    var first = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(rule.activeAt(first)).isPresent();
    assertThat(rule.activeAt(first.plus(Duration.ofHours(1)))).isEmpty();
    assertThat(rule.nextAfter(first))
        .contains(span("2026-11-01T01:30:00Z", "2026-11-01T01:50:00Z"));
  }

  @Test
  void aStretchMayLastOverMidnightAndFromItsStartAndUntilItsEnd() {
    var rule =
        new Schedule.Weekly(
            BERLIN,
            Set.of(DayOfWeek.MONDAY),
            LocalTime.parse("22:00"),
            Duration.ofHours(6),
            Instant.parse("2026-03-05T00:00:00Z"),
            Instant.parse("2026-03-16T21:00:00Z"));

    assertThat(rule.activeAt(Instant.parse("2026-03-03T01:00:00Z"))).isEmpty();
    assertThat(rule.activeAt(Instant.parse("2026-03-10T02:59:59Z"))).isPresent();
    assertThat(rule.activeAt(Instant.parse("2026-03-10T03:00:00Z"))).isEmpty();
    assertThat(rule.nextAfter(Instant.parse("2026-03-10T03:00:00Z"))).isEmpty();
  }

  @Test
  void theStretchesOfSomeTimeAreThoseThatTouchIt() {
    var rule = sundays("02:30", Duration.ofHours(1));

    assertThat(
            rule.between(
                Instant.parse("2026-03-15T02:00:00Z"), Instant.parse("2026-03-29T01:30:00Z")))
        .containsExactly(
            span("2026-03-15T01:30:00Z", "2026-03-15T02:30:00Z"),
            span("2026-03-22T01:30:00Z", "2026-03-22T02:30:00Z"));
  }
}
