package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.Incident.Timers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IncidentTest {
  private static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant BEGAN = OPENED.minusSeconds(40);

  private static Incident in(IncidentState state, Marks marks) {
    return new Incident(
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        1,
        new Subject("checkout fails", "checkout", "prod", null),
        state,
        Grade.byRule(Severity.SEV2),
        marks,
        null,
        Timers.NONE,
        1,
        1,
        List.of());
  }

  @Test
  void whoTakesUpARelapseChangesNothingButThatItIsAcknowledged() {
    var back = in(IncidentState.INVESTIGATING, new Marks(BEGAN, OPENED, null, null, null));
    var now = OPENED.plusSeconds(300);

    assertThat(back.takenUp(now).marks()).isEqualTo(new Marks(BEGAN, OPENED, now, null, null));
    assertThat(back.takenUp(OPENED.minusSeconds(1)).marks())
        .as("a clock that was set back")
        .isEqualTo(new Marks(BEGAN, OPENED, OPENED, null, null));
  }

  @Test
  void whatSomebodyTookUpOrIsNoRelapseStaysAsItIs() {
    var open = in(IncidentState.OPEN, new Marks(BEGAN, OPENED, null, null, null));
    var taken = in(IncidentState.IDENTIFIED, new Marks(BEGAN, OPENED, OPENED, null, null));
    var now = OPENED.plusSeconds(300);

    assertThat(open.takenUp(now)).isSameAs(open);
    assertThat(taken.takenUp(now)).isSameAs(taken);
  }
}
