package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of trouble before the incident, and of telemetry that has hardly begun. */
class PastTroubleTest extends CollectorTest {
  @Test
  void takesWhatLittleThereIsForUsualWhenTelemetryHasJustBegun() {
    sources.firstValue = Samples.OPENED.minusSeconds(40);
    sources.errorsFrom = Samples.OPENED.minusSeconds(6);

    var facts = collect("checkout", LIMIT);

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.service()).isEqualTo("inventory"))
        .satisfies(d -> assertThat(d.metric()).isEqualTo("error_rate"))
        .satisfies(d ->
            assertThat(d.onset())
                .isBetween(sources.errorsFrom.minusSeconds(1), sources.errorsFrom.plusSeconds(1)));
    assertThat(facts.window().suspectFrom())
        .isBetween(Samples.OPENED.minusSeconds(20), Samples.OPENED.minusSeconds(10));
  }

  /** A person's and another system's word comes late: nothing counts as over for them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesWhatLittleThereIsForUsualAlsoInIncidentsThatOthersOpened(boolean byHand) {
    sources.firstValue = Samples.OPENED.minusSeconds(100);
    sources.errorsFrom = Samples.OPENED.minusSeconds(20);
    var external = Samples.firing("checkout", SignalKind.EXTERNAL, "Too many requests fail");

    var facts =
        collect(
            Samples.incident(
                "checkout",
                Samples.OPENED,
                byHand ? new IncidentSignal[0] : new IncidentSignal[] {external}));

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.service()).isEqualTo("inventory"))
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.ERRORS));
    assertThat(facts.window().opened()).isEqualTo(facts.window().suspectFrom());
    assertThat(facts.window().suspectFrom())
        .isBetween(Samples.OPENED.minusSeconds(40), Samples.OPENED.minusSeconds(30));
  }

  @Test
  void troubleThatWasOverBeforeTheOpeningIsNoSuspectsButEvidenceWithItsEnd() {
    sources.errorsFrom = Samples.OPENED.minusSeconds(110);
    sources.errorsTo = Samples.OPENED.minusSeconds(60);
    sources.slowWayFrom = Samples.OPENED.minusSeconds(8);
    // The detectors have not let go of it yet.
    sources.anomalies =
        List.of(
            new Telemetry.Anomaly("inventory", "error_rate", 0.7, 0, 0.01, 9, sources.errorsFrom));

    var facts = collect("checkout", LIMIT);

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.NETWORK));
    var evidence = new EvidenceList(facts);
    var past = evidence.find(evidence.idOf(facts.past().getFirst())).orElseThrow();
    assertThat(past.summary())
        .isEqualTo(
            "Error rate of inventory rose to 70 % (usually 0 %) from 09:58:10 UTC to 09:59:00 UTC:"
                + " over before this incident.");
    assertThat(past.to()).isEqualTo(sources.errorsTo);
    assertThat(evidence.isTelling(past)).isFalse();
  }

  /** Twenty minutes of failing inventory, then calm, then the way to it is slow. */
  @Test
  void afterARelapseNeitherSuspectsNorTakesForUsualWhatWasBrokenFirst() {
    var relapse = Samples.OPENED.plusSeconds(1_320);
    sources.errorsFrom = Samples.OPENED.minusSeconds(10);
    sources.errorsTo = Samples.OPENED.plusSeconds(1_200);
    sources.slowWayFrom = relapse.minusSeconds(8);

    assertThat(collect(relapsed(relapse), relapse.plusSeconds(5), LIMIT).deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.NETWORK));

    sources.slowWayFrom = Instant.MAX;
    sources.errorsFrom = Samples.OPENED.minusSeconds(10);
    sources.errorsTo = Instant.MAX;

    assertThat(collect(relapsed(relapse), relapse.plusSeconds(5), LIMIT).deviations())
        .as("the same again")
        .singleElement()
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.ERRORS));
  }

  private static IncidentView relapsed(Instant relapse) {
    return Samples.incident(
        "checkout",
        Samples.OPENED,
        cleared(broken("inventory", Samples.OPENED.minusSeconds(1)), relapse.minusSeconds(110)),
        new IncidentSignal(
            "fp-2",
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            "slow",
            "checkout",
            Severity.SEV2,
            "Slow",
            relapse,
            null,
            null));
  }

  private static IncidentSignal cleared(IncidentSignal signal, Instant at) {
    return new IncidentSignal(
        signal.fingerprint(),
        signal.kind(),
        SignalStatus.CLEARED,
        signal.rule(),
        signal.service(),
        signal.severity(),
        signal.summary(),
        signal.firedAt(),
        at,
        signal.evidence());
  }

  @ParameterizedTest
  @CsvSource({"60, 40, 400", "110, 60, 20"})
  void anAnomalyThatDidNotBeginWithTheOldTroubleGoesOn(long from, long to, long since) {
    sources.errorsFrom = Samples.OPENED.minusSeconds(from);
    sources.errorsTo = Samples.OPENED.minusSeconds(to);
    var began = Samples.OPENED.minusSeconds(since);
    sources.anomalies =
        List.of(new Telemetry.Anomaly("inventory", "error_rate", 0.7, 0, 0.01, 9, began));

    assertThat(collect("checkout", LIMIT).deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.onset()).isEqualTo(began));
  }

  @Test
  void aRuleThatFiresOnDoesNotBringOldTroubleBack() {
    sources.errorsFrom = Samples.OPENED.minusSeconds(110);
    sources.errorsTo = Samples.OPENED.minusSeconds(60);
    var old = broken("inventory", Samples.OPENED.minusSeconds(100));
    sources.incidents = List.of(Samples.incident("inventory", sources.errorsFrom, old));

    assertThat(collect("checkout", LIMIT).deviations()).isEmpty();
  }
}
