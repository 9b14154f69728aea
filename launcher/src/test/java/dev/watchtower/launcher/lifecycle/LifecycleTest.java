package dev.watchtower.launcher.lifecycle;

import static dev.watchtower.launcher.lifecycle.Decision.Action.KILL;
import static dev.watchtower.launcher.lifecycle.Decision.Action.LAUNCH;
import static dev.watchtower.launcher.lifecycle.Decision.Action.TERMINATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.launcher.lifecycle.Decision.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleTest {
  private final Story story = new Story();

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,4", "4,8", "5,16", "6,30", "7,30", "1000,30"})
  void pausesLongerWithEachDeathInARow(int failures, int seconds) {
    assertThat(BackOff.after(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void knowsNoPauseBeforeTheFirstDeath() {
    assertThatThrownBy(() -> BackOff.after(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void launchesOnStartAndIsHealthyAfterTheFirstGoodProbe() {
    assertThat(story.start()).containsExactly(LAUNCH);
    assertThat(story.phase()).isEqualTo(Phase.STARTING);
    story.probe(false);
    assertThat(story.phase()).isEqualTo(Phase.STARTING);
    story.probe(true);
    assertThat(story.phase()).isEqualTo(Phase.HEALTHY);
  }

  @Test
  void isUnhealthyOnlyAfterTwoMissesInARow() {
    story.healthy();
    story.probe(false);
    story.probe(true);
    story.probe(false);
    assertThat(story.phase()).isEqualTo(Phase.HEALTHY);
    story.probe(false);
    assertThat(story.phase()).isEqualTo(Phase.UNHEALTHY);
    story.probe(true);
    assertThat(story.phase()).isEqualTo(Phase.HEALTHY);
  }

  @Test
  void startsADeadProcessAgainAfterItsPause() {
    story.healthy();
    assertThat(story.exit()).isEmpty();
    assertThat(story.phase()).isEqualTo(Phase.BACK_OFF);
    assertThat(story.after(999)).isEmpty();
    assertThat(story.after(1)).containsExactly(LAUNCH);
    assertThat(story.state.restarts()).isEqualTo(1);
  }

  @Test
  void forgetsDeathsAfterAMinuteOfHealth() {
    story.healthy();
    for (int i = 0; i < 4; i++) {
      story.exit();
      story.after(30_000);
      story.probe(true);
    }
    assertThat(story.state.failures()).isEqualTo(4);
    story.after(59_999);
    assertThat(story.state.failures()).isEqualTo(4);
    story.after(1);
    assertThat(story.state.failures()).isZero();
    assertThat(story.state.restarts()).isEqualTo(4);
  }

  @Test
  void stopsInOrderAndKillsWhatDoesNotEnd() {
    story.healthy();
    assertThat(story.tell(new ProcessEvent.Stop())).containsExactly(TERMINATE);
    assertThat(story.after(Lifecycle.GRACE.toMillis() - 1)).isEmpty();
    assertThat(story.after(1)).containsExactly(KILL);
    assertThat(story.exit()).isEmpty();
    assertThat(story.phase()).isEqualTo(Phase.STOPPED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesAProcessTheTimeThatItNeedsToEnd(boolean restart) {
    var patient = new Story(Duration.ofMinutes(2));
    patient.healthy();
    assertThat(patient.tell(restart ? new ProcessEvent.Restart() : new ProcessEvent.Stop()))
        .containsExactly(TERMINATE);
    assertThat(patient.after(119_999)).isEmpty();
    assertThat(patient.after(1)).containsExactly(KILL);
    assertThat(patient.after(Lifecycle.GRACE.toMillis() - 1)).isEmpty();
    assertThat(patient.after(1)).as("once more").containsExactly(KILL);
  }

  @Test
  void restartsOnDemandWithoutAPause() {
    story.healthy();
    assertThat(story.tell(new ProcessEvent.Restart())).containsExactly(TERMINATE);
    assertThat(story.exit()).containsExactly(LAUNCH);
    assertThat(story.state.restarts()).isEqualTo(1);
    assertThat(story.state.failures()).isZero();
  }

  @Test
  void aRepairDoesNotThrowBackWhatIsOnItsWayUp() {
    story.start();
    story.after(100_000);
    assertThat(story.tell(new ProcessEvent.Repair())).isEmpty();
    assertThat(story.phase()).isEqualTo(Phase.STARTING);
    assertThat(story.state.restarts()).isZero();
    // What hangs is another matter, and so is what was healthy once, or died.
    story.after(20_000);
    assertThat(story.tell(new ProcessEvent.Repair())).containsExactly(TERMINATE);
    story.exit();
    story.probe(true);
    assertThat(story.tell(new ProcessEvent.Repair())).containsExactly(TERMINATE);
    story.exit();
    story.exit();
    assertThat(story.phase()).isEqualTo(Phase.BACK_OFF);
    assertThat(story.tell(new ProcessEvent.Repair())).containsExactly(LAUNCH);
  }

  @Test
  void aRestartCutsThePauseShort() {
    story.healthy();
    story.exit();
    assertThat(story.tell(new ProcessEvent.Restart())).containsExactly(LAUNCH);
  }

  @Test
  void aCrashLeaseKillsAndHoldsDownUntilItsEnd() {
    story.healthy();
    assertThat(story.hold("a", 10_000)).containsExactly(KILL);
    assertThat(story.exit()).isEmpty();
    assertThat(story.phase()).isEqualTo(Phase.HELD_DOWN);
    assertThat(story.after(9_999)).isEmpty();
    assertThat(story.after(1)).containsExactly(LAUNCH);
  }

  @Test
  void aRenewedLeaseLastsLonger() {
    story.healthy();
    story.hold("a", 10_000);
    story.exit();
    story.after(8_000);
    assertThat(story.hold("a", 10_000)).isEmpty();
    assertThat(story.after(9_999)).isEmpty();
    assertThat(story.after(1)).containsExactly(LAUNCH);
  }

  @Test
  void staysDownUntilTheLastOfSeveralLeasesEnds() {
    story.healthy();
    story.hold("a", 5_000);
    story.hold("b", 10_000);
    story.exit();
    assertThat(story.after(5_000)).isEmpty();
    assertThat(story.tell(new ProcessEvent.Release("b"))).containsExactly(LAUNCH);
  }

  @Test
  void doesNotLaunchWhileTheKilledProcessIsStillThere() {
    story.healthy();
    story.hold("a", 1_000);
    assertThat(story.after(2_000)).isEmpty();
    assertThat(story.exit()).containsExactly(LAUNCH);
  }

  @Test
  void anExplicitRestartEndsTheLeaseAndRefusesItsRenewal() {
    story.healthy();
    story.hold("a", 10_000);
    story.exit();
    assertThat(story.tell(new ProcessEvent.Restart())).containsExactly(LAUNCH);
    assertThat(story.hold("a", 10_000)).isEmpty();
    assertThat(story.refusal).contains(Refusal.LEASE_ENDED);
    assertThat(story.phase()).isEqualTo(Phase.STARTING);
  }

  @Test
  void aLateRenewalOfAnExpiredLeaseDoesNotCrashAgain() {
    story.healthy();
    story.hold("a", 1_000);
    story.exit();
    story.after(1_000);
    story.hold("a", 1_000);
    assertThat(story.refusal).contains(Refusal.LEASE_ENDED);
  }

  @Test
  void refusesToCrashWhatIsNotMeantToRun() {
    story.hold("a", 1_000);
    assertThat(story.refusal).contains(Refusal.NOT_RUNNING);
    assertThat(story.phase()).isEqualTo(Phase.STOPPED);
  }

  @Test
  void boundsTheLeases() {
    story.healthy();
    for (int i = 0; i < Lifecycle.MAX_LEASES; i++) {
      story.hold("lease" + i, 1_000);
      assertThat(story.refusal).isEmpty();
    }
    story.hold("one more", 1_000);
    assertThat(story.refusal).contains(Refusal.TOO_MANY_LEASES);
  }

  @Test
  void aStopWinsOverALease() {
    story.healthy();
    story.hold("a", 1_000);
    story.exit();
    assertThat(story.tell(new ProcessEvent.Stop())).isEmpty();
    assertThat(story.phase()).isEqualTo(Phase.STOPPED);
    assertThat(story.after(5_000)).isEmpty();
  }

  @Test
  void aStartWhileItIsStoppingBringsItBack() {
    story.healthy();
    story.tell(new ProcessEvent.Stop());
    story.start();
    assertThat(story.exit()).containsExactly(LAUNCH);
  }

  /** A process over time. */
  static final class Story {
    ProcessState state = ProcessState.initial();
    Optional<Refusal> refusal = Optional.empty();
    Duration now = Duration.ZERO;
    private final Duration grace;

    Story() {
      this(Lifecycle.GRACE);
    }

    Story(Duration grace) {
      this.grace = grace;
    }

    Phase phase() {
      return state.phase();
    }

    List<Decision.Action> tell(ProcessEvent event) {
      var decision = Lifecycle.decide(state, event, now, grace);
      state = decision.next();
      refusal = decision.refusal();
      return new ArrayList<>(decision.actions());
    }

    List<Decision.Action> start() {
      return tell(new ProcessEvent.Start());
    }

    void healthy() {
      start();
      probe(true);
    }

    void probe(boolean good) {
      tell(new ProcessEvent.Probed(good));
    }

    List<Decision.Action> exit() {
      return tell(new ProcessEvent.Exited());
    }

    List<Decision.Action> hold(String lease, long millis) {
      return tell(new ProcessEvent.HoldDown(lease, Duration.ofMillis(millis)));
    }

    List<Decision.Action> after(long millis) {
      now = now.plusMillis(millis);
      return tell(new ProcessEvent.Tick());
    }
  }
}
