package dev.watchtower.monitor.uptime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UptimeTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:50Z");
  private final UptimeLedger ledger = new UptimeLedger(Duration.ofSeconds(30));

  private List<Credit> look(Condition condition, int second) {
    return ledger.look(Map.of("a", condition), START.plusSeconds(second));
  }

  @Test
  void givesTheTimeBetweenTwoLooksToTheEarlierCondition() {
    look(Condition.UP, 0);

    assertThat(look(Condition.DOWN, 5))
        .containsExactly(
            new Credit("a", Instant.parse("2026-03-02T10:00:00Z"), new Shares(5_000, 0, 0)));
    assertThat(look(Condition.UP, 8))
        .extracting(Credit::shares)
        .containsExactly(new Shares(0, 0, 3_000));
  }

  @Test
  void splitsTimeAtTheMinute() {
    look(Condition.DEGRADED, 0);

    assertThat(look(Condition.UP, 25))
        .containsExactly(
            new Credit("a", Instant.parse("2026-03-02T10:00:00Z"), new Shares(0, 10_000, 0)),
            new Credit("a", Instant.parse("2026-03-02T10:01:00Z"), new Shares(0, 15_000, 0)));
  }

  @Test
  void countsTimeThatWasNotMeasuredAsNothing() {
    look(Condition.UNKNOWN, 0);
    assertThat(look(Condition.UP, 5)).isEmpty();
    assertThat(look(Condition.UP, 36)).as("a gap longer than allowed").isEmpty();
    assertThat(look(Condition.UP, 30)).as("the clock was set back").isEmpty();
  }

  @Test
  void forgetsSubjectsThatAreGone() {
    look(Condition.UP, 0);
    ledger.look(Map.of(), START.plusSeconds(5));

    assertThat(look(Condition.UP, 10)).isEmpty();
  }

  @Test
  void countsDegradedAsUpAndLeavesUnmeasuredTimeOut() {
    assertThat(new Shares(50, 25, 25).uptime()).hasValue(0.75);
    assertThat(Shares.NONE.uptime()).isEmpty();
    assertThat(Shares.of(Condition.UNKNOWN, 1_000)).isEqualTo(Shares.NONE);
    assertThatThrownBy(() -> new Shares(-1, 0, 0)).hasMessageContaining("negative");
  }

  @Test
  void addsUpDaysInUtcAndKeepsTheNewest() {
    var history =
        new UptimeHistory(Map.of("a", Map.of(LocalDate.of(2026, 3, 1), new Shares(1, 2, 3))));
    var minute = Instant.parse("2026-03-01T23:59:00Z");
    history.add(
        List.of(
            new Credit("a", minute, new Shares(10, 0, 0)),
            new Credit("a", minute.plusSeconds(60), new Shares(0, 0, 5))));

    var first = LocalDate.of(2026, 3, 1);
    assertThat(history.of("a", first, first.plusDays(1)))
        .containsEntry(first, new Shares(11, 2, 3))
        .containsEntry(first.plusDays(1), new Shares(0, 0, 5));
    assertThat(history.sum("a", first, first)).isEqualTo(new Shares(11, 2, 3));
    assertThat(history.sum("b", first, first)).isEqualTo(Shares.NONE);

    for (int i = 0; i < UptimeHistory.DAYS + 5; i++) {
      history.add(List.of(new Credit("a", minute.plus(Duration.ofDays(i)), new Shares(1, 0, 0))));
    }
    assertThat(history.of("a", first.minusYears(5), first.plusYears(5)))
        .hasSize(UptimeHistory.DAYS)
        .doesNotContainKey(first);
  }
}
