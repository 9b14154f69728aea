package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.statemachine.SpringTransitionMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionTableTest {
  private static final SpringTransitionMachine MACHINE = new SpringTransitionMachine();

  @ParameterizedTest
  @EnumSource
  void theStateMachineDoesWhatTheTableSaysInEveryState(IncidentState state) {
    for (var event : IncidentEvent.values()) {
      assertThat(MACHINE.next(state, event))
          .as("%s in %s", event, state)
          .isEqualTo(TransitionTable.next(state, event));
    }
  }

  @Test
  void theMachineKeepsNothingBetweenEvents() {
    assertThat(MACHINE.next(IncidentState.MITIGATED, IncidentEvent.RESOLVE))
        .contains(IncidentState.RESOLVED);
    assertThat(MACHINE.next(IncidentState.OPEN, IncidentEvent.RESOLVE)).isEmpty();
    assertThat(MACHINE.next(IncidentState.OPEN, IncidentEvent.ACKNOWLEDGE))
        .contains(IncidentState.ACKNOWLEDGED);
  }

  @Test
  void nothingLeavesResolved() {
    for (var event : IncidentEvent.values()) {
      assertThat(TransitionTable.next(IncidentState.RESOLVED, event)).isEmpty();
    }
    assertThat(TransitionTable.allowedFor(IncidentState.RESOLVED)).isEmpty();
  }

  @Test
  void peopleAreNeverOfferedWhatOnlyTheSystemSends() {
    for (var state : IncidentState.values()) {
      assertThat(TransitionTable.allowedFor(state))
          .doesNotContain(IncidentEvent.RECOVER, IncidentEvent.REGRESS);
    }
  }

  @Test
  void theDocumentationShowsTheTable() throws IOException {
    assertThat(Files.readString(Path.of("../docs/lifecycle.md")))
        .as("docs/lifecycle.md; put TransitionTable.markdown() into it")
        .contains(TransitionTable.markdown());
  }
}
