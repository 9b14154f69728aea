package dev.watchtower.incident.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.escalation.EscalationState.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MergedEscalationTest {
  private static final Instant EARLY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant LATE = EARLY.plusSeconds(300);
  private static final UUID SOURCE = new UUID(0, 1);
  private static final UUID TARGET = new UUID(0, 2);

  private static EscalationState waiting(UUID incident, String policy, Instant due) {
    return EscalationState.started(incident, policy, EARLY).at(1, 0, due);
  }

  private static Optional<EscalationState> of(EscalationState from, EscalationState known) {
    return MergedEscalation.of(from, Optional.of(known), true, TARGET);
  }

  @Test
  void whereTheTargetHasNoneTheSourcesGoesOnThereAsItStands() {
    var from = waiting(SOURCE, "caller", LATE);

    assertThat(MergedEscalation.of(from, Optional.empty(), true, TARGET))
        .contains(waiting(TARGET, "caller", LATE));
    assertThat(MergedEscalation.of(from, Optional.empty(), false, TARGET))
        .as("somebody is on the target")
        .isEmpty();
  }

  @Test
  void whatDoesNotWaitIsNotHandedOver() {
    for (var state : List.of(State.EXHAUSTED, State.ACKNOWLEDGED, State.STOPPED)) {
      var from = waiting(SOURCE, "caller", LATE).in(state, null);
      assertThat(MergedEscalation.of(from, Optional.empty(), true, TARGET))
          .as("%s", state)
          .isEmpty();
      for (var known : State.values()) {
        assertThat(of(from, waiting(TARGET, "callee", EARLY).in(known, null))).isEmpty();
      }
    }
  }

  @Test
  void whereBothWaitTheTargetsGoesOnAtTheEarlierTime() {
    var own = waiting(TARGET, "callee", LATE);

    assertThat(of(waiting(SOURCE, "caller", EARLY), own))
        .contains(waiting(TARGET, "callee", EARLY));
    assertThat(of(waiting(SOURCE, "caller", LATE.plusSeconds(1)), own)).isEmpty();
  }

  @Test
  void whatNobodyWaitsForAtTheTargetGivesWayAndWhatSomebodyIsOnDoesNot() {
    var from = waiting(SOURCE, "caller", LATE);
    var own = waiting(TARGET, "callee", EARLY);
    var here = Optional.of(waiting(TARGET, "caller", LATE));

    assertThat(of(from, own.in(State.EXHAUSTED, null))).isEqualTo(here);
    assertThat(of(from, own.in(State.STOPPED, null))).isEqualTo(here);
    assertThat(of(from, own.in(State.ACKNOWLEDGED, LATE))).isEmpty();
  }
}
