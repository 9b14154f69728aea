package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImpactSpanTest {
  private static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant NOW = OPENED.plusSeconds(600);

  private static Instant from(@Nullable Instant began, Instant firedAt) {
    var incident =
        new Incident(
            UUID.randomUUID(),
            1,
            new Incident.Subject("t", "shop", "prod", null),
            IncidentState.OPEN,
            Incident.Grade.byRule(Severity.SEV2),
            new Incident.Marks(began, OPENED, null, null, null),
            null,
            Incident.Timers.NONE,
            1,
            1,
            List.of(
                new IncidentSignal(
                    "f",
                    SignalKind.THRESHOLD,
                    SignalStatus.FIRING,
                    "r",
                    "shop",
                    Severity.SEV2,
                    "s",
                    firedAt,
                    null,
                    null)));
    return ImpactSpan.of(incident, Set.of("shop"), NOW).from();
  }

  @Test
  void itBeginsWithTheSignalThatOpenedItThoughThatFiredAgain() {
    var began = OPENED.minusSeconds(40);

    assertThat(from(began, OPENED.plusSeconds(300))).isEqualTo(began);
  }

  @Test
  void itBeginsWithTheOpeningWhereNoSignalOpenedIt() {
    assertThat(from(null, OPENED.minusSeconds(90))).isEqualTo(OPENED);
  }
}
