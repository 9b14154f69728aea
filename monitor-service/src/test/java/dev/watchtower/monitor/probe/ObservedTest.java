package dev.watchtower.monitor.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ObservedTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Damping THREE_TWO = new Damping(3, 2);
  private static final ProbeResult GOOD = new ProbeResult.Answered(7);
  private static final ProbeResult BAD = new ProbeResult.Failed("connection refused");

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  private static Observed after(Observed from, int second, ProbeResult... results) {
    var state = from;
    for (int i = 0; i < results.length; i++) {
      state = state.after(results[i], at(second + i), THREE_TWO, false);
    }
    return state;
  }

  @Test
  void isUpFromTheFirstGoodCheck() {
    var up = after(Observed.unknown(START), 1, GOOD);

    assertThat(up.state()).isEqualTo(HealthState.UP);
    assertThat(up.since()).isEqualTo(at(1));
    assertThat(up.latencyMillis()).isEqualTo(7);
    assertThat(up.detail()).isEmpty();
  }

  @Test
  void isDownOnlyAfterFailuresInARowAndSinceTheFirstOfThem() {
    var up = after(Observed.unknown(START), 1, GOOD);

    assertThat(after(up, 2, BAD, BAD).state()).isEqualTo(HealthState.UP);
    assertThat(after(up, 2, BAD, BAD, GOOD, BAD, BAD).state()).isEqualTo(HealthState.UP);
    var down = after(up, 2, BAD, BAD, BAD);
    assertThat(down.state()).isEqualTo(HealthState.DOWN);
    assertThat(down.since()).isEqualTo(at(2));
    assertThat(down.detail()).isEqualTo("connection refused");
  }

  @Test
  void isUpAgainOnlyAfterSuccessesInARowAndSinceTheFirstOfThem() {
    var down = after(Observed.unknown(START), 1, GOOD, BAD, BAD, BAD);

    assertThat(after(down, 5, GOOD, BAD, GOOD).state()).isEqualTo(HealthState.DOWN);
    var up = after(down, 5, GOOD, GOOD);
    assertThat(up.state()).isEqualTo(HealthState.UP);
    assertThat(up.since()).isEqualTo(at(5));
  }

  @Test
  void keepsSinceWhileTheStateLasts() {
    var down = after(Observed.unknown(START), 1, BAD, BAD, BAD, BAD, BAD);

    assertThat(down.since()).isEqualTo(at(1));
    assertThat(after(Observed.unknown(START), 1, GOOD, GOOD, BAD, GOOD).since()).isEqualTo(at(1));
  }

  @Test
  void callsNothingDownThatMayBeStillStarting() {
    var state = Observed.unknown(START);
    for (int i = 1; i <= 10; i++) {
      state = state.after(BAD, at(i), THREE_TWO, true);
      assertThat(state.state()).isEqualTo(HealthState.UNKNOWN);
    }

    var down = state.after(BAD, at(11), THREE_TWO, false);

    assertThat(down.state()).isEqualTo(HealthState.DOWN);
    assertThat(down.since()).isEqualTo(at(1));
  }

  @Test
  void callsDownWithinTheGraceWhatWasSeenUp() {
    var state = Observed.unknown(START).after(GOOD, at(1), THREE_TWO, true);
    for (int i = 2; i <= 4; i++) {
      state = state.after(BAD, at(i), THREE_TWO, true);
    }

    assertThat(state.state()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void doesNotCallUpWhatWasUpBeforeARestartAndFailsNow() {
    var kept = Observed.restored(HealthState.UP, START, at(1), 3L, "");

    var state = kept.after(BAD, at(5), THREE_TWO, true);

    assertThat(state.state()).isEqualTo(HealthState.UNKNOWN);
    assertThat(state.detail()).contains("connection refused");
  }

  @Test
  void goesOnWithTheTimeFromBeforeAShortRestartOnly() {
    var kept = Observed.restored(HealthState.UP, START, at(10), 3L, "");

    assertThat(kept.after(GOOD, at(20), THREE_TWO, false).since()).isEqualTo(START);
    var late = at(10).plus(Duration.ofHours(1));
    assertThat(kept.after(GOOD, late, THREE_TWO, false).since()).isEqualTo(late);
  }

  @Test
  void staysDownOverARestart() {
    var kept = Observed.restored(HealthState.DOWN, START, at(1), null, "status 503");

    var state = kept.after(BAD, at(5), THREE_TWO, true);

    assertThat(state.state()).isEqualTo(HealthState.DOWN);
    assertThat(state.since()).isEqualTo(START);
  }

  @Test
  void refusesADampingOfNothing() {
    assertThatThrownBy(() -> new Damping(0, 1)).hasMessageContaining("at least 1");
  }

  @Test
  void readsHostAndPortOfTheDatabase() {
    assertThat(TargetList.database("jdbc:postgresql://db.example:15432/watchtower?ssl=true"))
        .isEqualTo(new Check.Tcp("db.example", 15432));
    assertThat(TargetList.database("jdbc:postgresql://db.example/watchtower"))
        .isEqualTo(new Check.Tcp("db.example", 5432));
    assertThatThrownBy(() -> TargetList.database("jdbc:postgresql:watchtower"))
        .hasMessageContaining("jdbc:postgresql://host:port/name");
  }
}
