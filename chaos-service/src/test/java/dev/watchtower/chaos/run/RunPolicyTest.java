package dev.watchtower.chaos.run;

import static dev.watchtower.chaos.run.RunFixture.NOON;
import static dev.watchtower.chaos.run.RunFixture.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.chaos.run.Holder.Outcome;
import dev.watchtower.common.wire.FaultLease;
import dev.watchtower.common.wire.RunView.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPolicyTest {
  private static final Outcome DONE = new Outcome.Done();
  private static final Outcome SILENT = new Outcome.NoAnswer("connection refused");
  private static final Outcome REFUSED = new Outcome.Refused("HTTP 400");

  @Test
  void renewsWellBeforeALeaseEndsAndNeverAsksForMoreThanALeaseMayLast() {
    assertThat(RunPolicy.TTL).isGreaterThanOrEqualTo(RunPolicy.RENEW.multipliedBy(3));
    assertThat(RunPolicy.TTL.toMillis()).isLessThanOrEqualTo(FaultLease.MAX_TTL_MILLIS);
  }

  @Test
  void holdsUntilTheDeadlineAndLetsGoAtIt() {
    var run = aRun().confirmed(NOON);

    assertThat(RunPolicy.next(run, run.endsAt().minusMillis(1))).isEqualTo(RunPolicy.Step.HOLD);
    assertThat(RunPolicy.next(run, run.endsAt())).isEqualTo(RunPolicy.Step.RELEASE);
  }

  @Test
  void failsAtOnceWhenTheTargetRefuses() {
    var run = RunPolicy.held(aRun(), REFUSED, NOON);

    assertThat(run.state()).isEqualTo(State.FAILED);
    assertThat(run.endReason()).isEqualTo("HTTP 400");
    assertThat(run.endedAt()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @CsvSource({
    "crash, checkout was started again before the time was over",
    "errors, the fault was ended at the target before the time was over"
  })
  void saysThatSomebodyEndedTheFault(String kind, String reason) {
    var run = RunPolicy.held(aRun(kind).confirmed(NOON), new Outcome.Over(), NOON.plusSeconds(9));

    assertThat(run.state()).isEqualTo(State.STOPPING);
    assertThat(run.endReason()).isEqualTo(reason);
    assertThat(run.log().getLast().text()).isEqualTo("ending: " + reason);
  }

  @Test
  void failsAfterFiveSecondsWhenTheTargetNeverAnswered() {
    assertThat(RunPolicy.held(aRun(), SILENT, NOON.plusSeconds(4)).state())
        .isEqualTo(State.STARTING);
    assertThat(RunPolicy.held(aRun(), SILENT, NOON.plusSeconds(5)).state()).isEqualTo(State.FAILED);
  }

  @Test
  void endsWhenTheTargetFallsSilentForFiveSeconds() {
    var running = aRun().confirmed(NOON.plusSeconds(30));

    assertThat(RunPolicy.held(running, SILENT, NOON.plusSeconds(34)).state())
        .isEqualTo(State.RUNNING);
    assertThat(RunPolicy.held(running, SILENT, NOON.plusSeconds(35)).state())
        .isEqualTo(State.STOPPING);
  }

  @Test
  void isOverOnlyWhenTheTargetSaysSoOrItsLeaseMustHaveRunOut() {
    var stopping = aRun().confirmed(NOON).ending(NOON.plusSeconds(10), "stopped by ann");

    assertThat(RunPolicy.released(stopping, DONE, NOON.plusSeconds(10)).state())
        .isEqualTo(State.ENDED);
    assertThat(RunPolicy.released(stopping, SILENT, NOON.plusSeconds(14)).state())
        .isEqualTo(State.STOPPING);
    var ended = RunPolicy.released(stopping, SILENT, NOON.plusSeconds(15));
    assertThat(ended.state()).isEqualTo(State.ENDED);
    assertThat(ended.endReason()).isEqualTo("stopped by ann");
    assertThat(ended.log().getLast().text()).contains("its lease has run out");
  }

  @Test
  void namesTheDeadlineAsTheReason() {
    var run = aRun().confirmed(NOON);

    var ended = RunPolicy.released(run, DONE, run.endsAt().plus(Duration.ofMillis(200)));

    assertThat(ended.state()).isEqualTo(State.ENDED);
    assertThat(ended.endReason()).isEqualTo("its time was over");
  }
}
