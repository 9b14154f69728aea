package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.remediation.Judgement.Seen;
import dev.watchtower.incident.remediation.Repair.Effect;
import dev.watchtower.incident.remediation.Repair.State;
import dev.watchtower.incident.remediation.Telemetry.Reading;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final Instant ACTED = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant BY = ACTED.plusSeconds(60);
  private static final Reading FRESH_GOOD = new Reading.Value(0.001, ACTED.plusSeconds(5));
  private static final Reading FRESH_BAD = new Reading.Value(0.5, ACTED.plusSeconds(5));
  private static final Reading OLD_GOOD = new Reading.Value(0.001, ACTED);
  private static final Reading AWAY = new Reading.Unknown("ingest does not answer", true);

  private static Repair repair(String action, boolean expects) {
    return new Repair(
        UUID.randomUUID(),
        1,
        UUID.randomUUID(),
        1,
        "prod",
        new Repair.Order(
            "p",
            action,
            null,
            "checkout",
            "checkout",
            "f",
            "t",
            false,
            false,
            expects ? new Repair.Expected("error_rate", "<", 0.01, "60s") : null),
        State.CHECKING,
        null,
        new Repair.Times(ACTED, null, ACTED, BY, null),
        new Repair.Result(null, null, Effect.PENDING, null, null, null));
  }

  private static Optional<Repairs.End> judge(
      Repair repair, boolean cleared, boolean healthy, @Nullable Reading reading, int second) {
    return Judgement.of(
        repair, new Seen(cleared, healthy, reading), ACTED, BY, ACTED.plusSeconds(second));
  }

  private static void assertEnds(Optional<Repairs.End> end, State state, Effect effect) {
    assertThat(end).isPresent();
    assertThat(end.get().state()).isEqualTo(state);
    assertThat(end.get().effect()).isEqualTo(effect);
  }

  @Test
  void aFreshValueAsExpectedIsEnough() {
    var command = repair("command", true);

    assertEnds(judge(command, false, false, FRESH_GOOD, 6), State.SUCCEEDED, Effect.MET);
    assertThat(judge(command, false, false, OLD_GOOD, 6)).isEmpty();
    assertThat(judge(command, false, false, FRESH_BAD, 60)).isEmpty();
    assertThat(judge(command, true, false, FRESH_BAD, 30))
        .as("what was expected counts, not the signal")
        .isEmpty();
  }

  @Test
  void atTheEndOfItsTimeAValueIsWrongOrMissing() {
    var command = repair("command", true);

    assertEnds(judge(command, false, false, FRESH_BAD, 61), State.FAILED, Effect.NOT_MET);
    assertEnds(judge(command, false, false, OLD_GOOD, 61), State.UNVERIFIED, Effect.UNKNOWN);
    assertEnds(judge(command, false, false, AWAY, 61), State.UNVERIFIED, Effect.UNKNOWN);
    assertThat(judge(command, false, false, AWAY, 60)).isEmpty();
  }

  @Test
  void aRestartMustBringTheProcessBackAsWell() {
    var restart = repair("restart", true);

    assertThat(judge(restart, false, false, FRESH_GOOD, 6)).isEmpty();
    assertEnds(judge(restart, false, true, FRESH_GOOD, 6), State.SUCCEEDED, Effect.MET);
    assertEnds(judge(restart, false, false, FRESH_GOOD, 61), State.FAILED, Effect.NOT_MET);
    assertEnds(judge(restart, false, false, AWAY, 61), State.FAILED, Effect.NOT_MET);
    assertEnds(judge(restart, false, true, AWAY, 61), State.UNVERIFIED, Effect.UNKNOWN);
  }

  @Test
  void withoutAnExpectationTheSignalOrTheProcessDecides() {
    assertEnds(judge(repair("stop-run", false), true, false, null, 1), State.SUCCEEDED, Effect.MET);
    assertThat(judge(repair("stop-run", false), false, true, null, 1)).isEmpty();
    assertEnds(
        judge(repair("stop-run", false), false, true, null, 61), State.FAILED, Effect.NOT_MET);
    assertEnds(judge(repair("restart", false), false, true, null, 1), State.SUCCEEDED, Effect.MET);
  }

  @Test
  void aRestartHasNotHelpedBecauseTheSignalCleared() {
    var restart = repair("restart", false);

    assertThat(judge(restart, true, false, null, 1)).isEmpty();
    assertEnds(judge(restart, true, false, null, 61), State.FAILED, Effect.NOT_MET);
    assertEnds(judge(restart, true, true, null, 61), State.SUCCEEDED, Effect.MET);
  }
}
