package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.timeline.Outline.Firing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpellTest {
  private static Instant at(int second) {
    return Instant.parse("2026-03-02T10:00:00Z").plusSeconds(second);
  }

  private static IncidentSignal signal(int fired, @Nullable Integer cleared) {
    return new IncidentSignal(
        "f",
        SignalKind.THRESHOLD,
        cleared == null ? SignalStatus.FIRING : SignalStatus.CLEARED,
        "r",
        "shop",
        Severity.SEV2,
        "s",
        at(fired),
        cleared == null ? null : at(cleared),
        null);
  }

  @Test
  void whatTheTimelineDoesNotTellIsOfTheSignal() {
    assertThat(Spell.of(List.of(), signal(5, 9))).containsExactly(new Spell(at(5), at(9), false));
  }

  @Test
  void bothTimesInWhichItFiredAreKept() {
    var firings =
        List.of(new Firing(at(0), at(0), at(3), false), new Firing(at(5), at(5), null, false));

    assertThat(Spell.of(firings, signal(5, null)))
        .containsExactly(new Spell(at(0), at(3), false), new Spell(at(5), null, false));
  }

  @Test
  void whatGotWorseFiredOnce() {
    assertThat(Spell.of(List.of(new Firing(at(0), at(5), at(9), false)), signal(5, 9)))
        .containsExactly(new Spell(at(0), at(9), false));
  }

  @Test
  void whatFlappedUntoldFiredOnAndOff() {
    assertThat(Spell.of(List.of(new Firing(at(0), at(0), null, true)), signal(7, 9)))
        .containsExactly(new Spell(at(0), at(9), true));
  }

  @Test
  void whatWasCalmBeforeItFiredAgainFlappedUntilThen() {
    var firings =
        List.of(new Firing(at(0), at(0), at(4), true), new Firing(at(7), at(7), at(9), false));

    assertThat(Spell.of(firings, signal(7, 9)))
        .containsExactly(new Spell(at(0), at(4), true), new Spell(at(7), at(9), false));
  }

  @Test
  void whatFlappedUntilItWasCalmIsOne() {
    assertThat(Spell.of(List.of(new Firing(at(0), at(0), at(9), true)), signal(7, 9)))
        .containsExactly(new Spell(at(0), at(9), true));
  }

  @Test
  void theChangeWithWhichItFlapsIsOne() {
    assertThat(Spell.of(List.of(new Firing(at(0), at(0), null, true)), signal(0, 3)))
        .containsExactly(new Spell(at(0), at(3), false));
  }

  @Test
  void whatFiredInAnIncidentThatWasMergedComesLast() {
    assertThat(Spell.of(List.of(new Firing(at(0), at(0), at(3), false)), signal(7, 9)))
        .containsExactly(new Spell(at(0), at(3), false), new Spell(at(7), at(9), false));
  }
}
