package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SignalPolicyTest {
  private static final Instant T0 = Instant.parse("2026-03-02T10:00:00Z");

  private static Signal signal(String fingerprint, SignalStatus status, Severity severity) {
    return new Signal(
        UUID.randomUUID(),
        fingerprint,
        SignalKind.SERVICE_DOWN,
        status,
        "rule",
        "checkout",
        "prod",
        severity,
        "down",
        T0,
        null,
        T0.plusSeconds(10));
  }

  private static IncidentSignal known(String fingerprint, SignalStatus status) {
    return new IncidentSignal(
        fingerprint,
        SignalKind.THRESHOLD,
        status,
        "rule",
        "checkout",
        Severity.SEV3,
        "",
        T0.minusSeconds(60),
        status == SignalStatus.CLEARED ? T0.minusSeconds(5) : null,
        null);
  }

  private static Optional<Incident> open(IncidentState state, IncidentSignal... signals) {
    return Optional.of(
        new Incident(
            UUID.randomUUID(),
            1,
            new Incident.Subject("t", "checkout", "prod", null),
            state,
            Incident.Grade.byRule(Severity.SEV3),
            new Incident.Marks(null, T0.minusSeconds(60), null, null, null),
            null,
            Incident.Timers.NONE,
            1,
            1,
            List.copyOf(Arrays.asList(signals))));
  }

  private static Effect decide(Signal signal, Optional<Incident> open) {
    return SignalPolicy.decide(signal, Optional.empty(), open);
  }

  @Test
  void theFirstSignalOpensAnIncident() {
    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV3), Optional.empty()))
        .isEqualTo(new Effect.Opens());
  }

  @Test
  void anotherSignalJoinsTheOpenIncident() {
    var open = open(IncidentState.OPEN, known("b", SignalStatus.FIRING));

    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV3), open))
        .isEqualTo(new Effect.Joins(false));
  }

  @Test
  void aSignalThatFiresInAMitigatedIncidentMakesItRelapse() {
    var open = open(IncidentState.MITIGATED, known("a", SignalStatus.CLEARED));

    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV3), open))
        .isEqualTo(new Effect.Joins(true));
  }

  @Test
  void aSignalThatFiresOnInAnIncidentMitigatedByHandDoesNotMakeItRelapse() {
    var open = open(IncidentState.MITIGATED, known("a", SignalStatus.FIRING));

    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV3), open))
        .isInstanceOf(Effect.Ignored.class);
  }

  @Test
  void aSignalThatFiresOnMoreSeverelyIsNews() {
    var open = open(IncidentState.OPEN, known("a", SignalStatus.FIRING));

    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV1), open))
        .isEqualTo(new Effect.Joins(false));
  }

  @Test
  void aSignalThatFiresOnLessSeverelyChangesNothing() {
    var open = open(IncidentState.OPEN, known("a", SignalStatus.FIRING));

    assertThat(decide(signal("a", SignalStatus.FIRING, Severity.SEV4), open))
        .isInstanceOf(Effect.Ignored.class);
  }

  @Test
  void theLastSignalToClearLetsTheIncidentRecover() {
    var one = open(IncidentState.OPEN, known("a", SignalStatus.FIRING));
    var two =
        open(IncidentState.OPEN, known("a", SignalStatus.FIRING), known("b", SignalStatus.FIRING));
    var cleared = signal("a", SignalStatus.CLEARED, Severity.SEV3);

    assertThat(decide(cleared, one)).isEqualTo(new Effect.Clears(true));
    assertThat(decide(cleared, two)).isEqualTo(new Effect.Clears(false));
  }

  @Test
  void anEndWithoutABeginningIsIgnored() {
    var cleared = signal("a", SignalStatus.CLEARED, Severity.SEV3);

    assertThat(decide(cleared, Optional.empty())).isInstanceOf(Effect.Ignored.class);
    assertThat(decide(cleared, open(IncidentState.OPEN, known("b", SignalStatus.FIRING))))
        .isInstanceOf(Effect.Ignored.class);
  }

  @Test
  void aBeginningThatComesAfterItsEndOpensNothing() {
    var fired = signal("a", SignalStatus.FIRING, Severity.SEV3);

    assertThat(
            SignalPolicy.decide(
                fired,
                Optional.of(new Seen(SignalStatus.CLEARED, T0.plusSeconds(1), T0.plusSeconds(1))),
                Optional.empty()))
        .isInstanceOf(Effect.Ignored.class);
    assertThat(
            SignalPolicy.decide(
                fired, Optional.of(new Seen(SignalStatus.CLEARED, T0, T0)), Optional.empty()))
        .isInstanceOf(Effect.Ignored.class);
  }

  @Test
  void anOutageTakenAfterItsDeadlineHasBeenToldByItsSender() {
    var down = signal("a", SignalStatus.FIRING, Severity.SEV1);

    assertThat(SignalPolicy.toldElsewhere(down, T0.plusSeconds(10))).isFalse();
    assertThat(SignalPolicy.toldElsewhere(down, T0.plus(Duration.ofMillis(10_001)))).isTrue();
  }

  private static Instant orderedAfter(Instant at, Instant receivedAt, Instant now) {
    var last = Optional.of(new Seen(SignalStatus.CLEARED, at, receivedAt));
    return SignalPolicy.inOrder(signal("a", SignalStatus.FIRING, Severity.SEV3), last, now).at();
  }

  @Test
  void whatASenderIsAheadIsNoStepOfOurClock() {
    assertThat(orderedAfter(T0.plusSeconds(59), T0.minusMillis(1), T0)).isEqualTo(T0);
    assertThat(orderedAfter(T0.plusSeconds(1), T0.plusSeconds(1), T0)).isEqualTo(T0);
  }

  @Test
  void whatWasReceivedBeforeOurClockWasPutBackComesBefore() {
    var mark = T0.plusSeconds(30);
    var first = orderedAfter(mark, mark, T0);
    assertThat(first).isAfter(mark);

    var second = orderedAfter(first, T0, T0.plusSeconds(10));
    assertThat(second).isAfter(first);

    assertThat(orderedAfter(second, T0.plusSeconds(10), second)).isEqualTo(T0);
    assertThat(orderedAfter(T0.plusSeconds(3600), T0.plusSeconds(3600), T0))
        .isEqualTo(T0.plusSeconds(3600).plus(Duration.ofNanos(1000)));
  }
}
