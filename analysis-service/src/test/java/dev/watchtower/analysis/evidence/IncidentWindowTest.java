package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When trouble that ended before an incident can still be its cause. */
class IncidentWindowTest {
  private static Window window(IncidentSignal... signals) {
    return EvidenceCollector.window(
        Samples.incident("checkout", Samples.OPENED, signals),
        Samples.catalog(Duration.ofSeconds(20)).analysis(),
        Samples.OPENED.plusSeconds(60));
  }

  @Test
  void itBeganWithTheFirstSignalOfARuleOfOurs() {
    var own = Samples.firing("checkout", SignalKind.THRESHOLD, "fails");

    assertThat(window(own).opened()).isEqualTo(own.firedAt());
  }

  @Test
  void whatAnotherSystemOrAPersonTellsComesLate() {
    var told = window(Samples.firing("checkout", SignalKind.EXTERNAL, "fails"));

    assertThat(told.opened()).isEqualTo(told.suspectFrom());
    assertThat(window().opened()).isEqualTo(window().suspectFrom());
  }
}
