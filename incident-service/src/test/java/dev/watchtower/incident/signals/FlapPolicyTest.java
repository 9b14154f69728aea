package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.FlapPolicy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlapPolicyTest {
  private static final Flap SIX = new Flap(6, Duration.ofMinutes(10), Duration.ofMinutes(5));

  private static Optional<IncidentSignal> known(boolean flapping) {
    return Optional.of(
        new IncidentSignal(
            "f",
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            "rule",
            "checkout",
            Severity.SEV2,
            "",
            Instant.EPOCH,
            null,
            null,
            flapping));
  }

  @Test
  void beginsWithTheLastChangeThatIsStillTooMany() {
    assertThat(FlapPolicy.of(known(false), 4, SIX)).isEqualTo(Verdict.STEADY);
    assertThat(FlapPolicy.of(known(false), 5, SIX)).isEqualTo(Verdict.BEGINS);
    assertThat(FlapPolicy.of(Optional.empty(), 0, SIX)).isEqualTo(Verdict.STEADY);
  }

  @Test
  void goesOnHoweverFewChangesThereWereLately() {
    assertThat(FlapPolicy.of(known(true), 0, SIX)).isEqualTo(Verdict.GOES_ON);
  }

  @Test
  void isOffWithNoChanges() {
    var off = new Flap(0, Duration.ofMinutes(10), Duration.ofMinutes(5));

    assertThat(FlapPolicy.of(known(true), 100, off)).isEqualTo(Verdict.STEADY);
  }
}
