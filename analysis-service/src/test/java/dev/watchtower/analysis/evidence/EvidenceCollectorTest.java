package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceCollectorTest extends CollectorTest {
  @Test
  void looksAtCallersAndCalleesHoweverFar() {
    assertThat(collect("inventory", LIMIT).services())
        .containsExactlyInAnyOrder("inventory", "checkout", "storefront");
    assertThat(collect("storefront", LIMIT).services())
        .containsExactlyInAnyOrder("inventory", "checkout", "storefront");
  }

  @Test
  void findsNothingWhereNothingIsUnusualAndNothingMissing() {
    var facts = collect("checkout", LIMIT);

    assertThat(facts.deviations()).isEmpty();
    assertThat(facts.missing()).isEmpty();
    assertThat(facts.isThin()).isTrue();
  }

  @Test
  void seesASlowWayToAServiceThatItselfIsAsFastAsEver() {
    sources.slowWayFrom = Samples.OPENED.minusSeconds(10);

    var facts = collect("checkout", LIMIT);

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.service()).isEqualTo("inventory"))
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.NETWORK))
        .satisfies(d -> assertThat(d.extreme()).isBetween(0.28, 0.33));
  }

  @Test
  void takesABrokenLimitForADeviationWhereNothingWasSeenBefore() {
    sources.firstValue = Samples.OPENED.minusSeconds(3);
    var broken = broken("checkout", Samples.OPENED.minusSeconds(1));
    var facts = collect(Samples.incident("checkout", Samples.OPENED, broken));

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.service()).isEqualTo("checkout"))
        .satisfies(d -> assertThat(d.type()).isEqualTo(SignalType.ERRORS))
        .satisfies(d ->
            assertThat(Wording.deviation(d))
                .isEqualTo(
                    "high-error-rate of checkout is at 0.4, over its limit of 0.05, since 09:59:59"
                        + " UTC."));
  }

  @Test
  void tellsWhatIsUsualBesideABrokenLimitThatShowsInNoSeriesYet() {
    var broken = broken("error_rate", "checkout", Samples.OPENED.minusSeconds(1));
    var facts = collect(Samples.incident("checkout", Samples.OPENED, broken));

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d ->
            assertThat(Wording.deviation(d))
                .isEqualTo(
                    "Error rate of checkout is at 40 % (usually 0 %), over its limit of 5 %, since"
                        + " 09:59:59 UTC."));
  }

  @Test
  void takesNoSecondsOfSilenceForALimitThatWasBroken() {
    var heardAgain =
        new IncidentSignal(
            "fp-mute",
            SignalKind.NO_DATA,
            SignalStatus.CLEARED,
            "no-telemetry",
            "checkout",
            Severity.SEV3,
            "Over: no-telemetry: samples of checkout (prod) arrive again",
            Samples.OPENED,
            Samples.OPENED.plusSeconds(5),
            new SignalEvidence(
                "no sample for 30 s",
                0.4,
                30.0,
                Samples.OPENED.minusSeconds(30),
                Samples.OPENED,
                Map.of()));

    assertThat(collect(Samples.incident("checkout", Samples.OPENED, heardAgain)).deviations())
        .isEmpty();
  }

  @Test
  void takesAServiceForGoneThatFellSilentWhileOthersSend() {
    var silentSince = Samples.OPENED.minusSeconds(40);
    sources.lastValue = Map.of("inventory", silentSince);

    assertThat(collect("checkout", LIMIT).deviations())
        .singleElement()
        .satisfies(d -> assertThat(d.service()).isEqualTo("inventory"))
        .satisfies(d -> assertThat(d.isGone()).isTrue())
        .satisfies(d -> assertThat(d.onset()).isBetween(silentSince.minusSeconds(1), silentSince));
  }

  @Test
  void takesNobodyForGoneWhenAllFellSilent() {
    var silentSince = Samples.OPENED.minusSeconds(40);
    sources.lastValue =
        Map.of("inventory", silentSince, "checkout", silentSince, "storefront", silentSince);

    assertThat(collect("checkout", LIMIT).deviations()).isEmpty();
  }

  @Test
  void namesAServiceThatNeverSentAnything() {
    sources.lastValue = Map.of("storefront", Instant.EPOCH);

    assertThat(collect("checkout", LIMIT).missing())
        .containsExactly("No telemetry of storefront in the time looked at.");
  }

  @Test
  void countsWhatTheDetectorsFoundUnusualAmongTheNeighbours() {
    var since = Samples.OPENED.minusSeconds(200);
    sources.anomalies =
        List.of(
            new Telemetry.Anomaly("inventory", "cpu", 0.8, 0.2, 0.03, 5.5, since),
            new Telemetry.Anomaly("storefront", "latency_p95", 0.09, 0.08, 0.006, 2.1, since),
            new Telemetry.Anomaly("mail", "cpu", 0.8, 0.2, 0.03, 5.5, since),
            new Telemetry.Anomaly(
                "checkout", "cpu", 0.8, 0.2, 0.03, 5.5, Samples.OPENED.minusSeconds(7_200)),
            new Telemetry.Anomaly("checkout", "error_rate", 0, 0.3, 0.03, 5.5, since));

    var facts = collect("checkout", LIMIT);

    assertThat(facts.deviations())
        .singleElement()
        .satisfies(d ->
            assertThat(Wording.deviation(d))
                .isEqualTo("CPU use of inventory rose to 80 % (usually 20 %), since 09:56:40 UTC."))
        .satisfies(d -> assertThat(d.surprise()).isBetween(12.6, 12.7));
    assertThat(facts.hints())
        .anySatisfy(d -> assertThat(d.service() + " " + d.type()).isEqualTo("storefront LATENCY"));
  }

  @Test
  void whatWasMeasuredHereTellsMoreThanAnAnomalyOfTheSameKind() {
    sources.errorsFrom = Samples.OPENED.minusSeconds(20);
    sources.anomalies =
        List.of(
            new Telemetry.Anomaly(
                "inventory", "error_rate", 0.9, 0, 0.01, 9, Samples.OPENED.minusSeconds(15)));

    assertThat(collect("checkout", LIMIT).deviations())
        .filteredOn(d -> d.type() == SignalType.ERRORS)
        .singleElement()
        .satisfies(d -> assertThat(d.extreme()).isBetween(0.65, 0.75));
  }

  @Test
  void usesWhatFiresInIncidentsOfItsNeighboursOnly() {
    sources.incidents =
        List.of(
            Samples.incident(
                "inventory",
                Samples.OPENED,
                Samples.firing("inventory", SignalKind.SERVICE_DOWN, "no answer")),
            Samples.incident(
                "mail",
                Samples.OPENED,
                Samples.firing("mail", SignalKind.SERVICE_DOWN, "no answer")));

    var facts = collect("checkout", LIMIT);

    assertThat(facts.signals()).extracting(s -> s.service()).containsOnly("checkout", "inventory");
    assertThat(facts.deviations()).singleElement().matches(d -> d.isGone());
  }

  /** Another system may miss a service that sends to us all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"ops/fp-7", "am:fp-7"})
  void takesNobodyForGoneBecauseOthersSaySo(String fingerprint) {
    var said =
        new IncidentSignal(
            fingerprint,
            SignalKind.NO_DATA,
            SignalStatus.FIRING,
            "no-telemetry",
            "checkout",
            Severity.SEV2,
            "no samples",
            Samples.OPENED,
            null,
            null);

    assertThat(collect(Samples.incident("checkout", Samples.OPENED, said)).deviations()).isEmpty();
  }

  /** Looked at again days later: what fires and was deployed since is another story. */
  @Test
  void looksForNoCauseInWhatFollowedAnOldIncident() {
    var daysLater = Samples.OPENED.plus(Duration.ofDays(3));
    var down =
        new IncidentSignal(
            "fp-today",
            SignalKind.SERVICE_DOWN,
            SignalStatus.FIRING,
            "down",
            "inventory",
            Severity.SEV1,
            "no answer",
            daysLater.minusSeconds(60),
            null,
            null);
    sources.incidents = List.of(Samples.incident("inventory", daysLater.minusSeconds(60), down));
    var own = Samples.firing("checkout", SignalKind.THRESHOLD, "Too many requests fail");

    for (var incident :
        List.of(
            Samples.incident("checkout", Samples.OPENED, own),
            Samples.incident("checkout", Samples.OPENED, own, down))) {
      var facts = collect(incident, daysLater, LIMIT);

      assertThat(facts.signals()).containsExactly(own);
      assertThat(facts.deviations()).isEmpty();
      assertThat(sources.changesUntil)
          .isBetween(facts.window().to(), facts.window().to().plusSeconds(1));
    }
  }

  @Test
  void seesWhatTheIncidentHasComeToBeAboutLongAfterItsOpening() {
    var slow = Samples.firing("checkout", SignalKind.THRESHOLD, "Too many requests fail");
    var fired = Samples.OPENED.plus(Duration.ofHours(1));
    var down =
        new IncidentSignal(
            "fp-down",
            SignalKind.SERVICE_DOWN,
            SignalStatus.FIRING,
            "down",
            "inventory",
            Severity.SEV1,
            "no answer",
            fired,
            null,
            null);
    var incident = Samples.incident("inventory", Samples.OPENED, slow, down);
    var changedAt = fired.plusSeconds(2);

    for (var now : List.of(changedAt.plusSeconds(1), changedAt.plus(Duration.ofDays(3)))) {
      var facts = collect(incident, changedAt, now, LIMIT);

      assertThat(facts.signals()).containsExactly(slow, down);
      assertThat(facts.deviations())
          .singleElement()
          .satisfies(d -> assertThat(d.isGone()).isTrue())
          .satisfies(d -> assertThat(d.service()).isEqualTo("inventory"));
      assertThat(facts.window().opened()).isEqualTo(fired);
      assertThat(sources.changesUntil).isAfter(fired);
    }
  }

  @Test
  void givesUpOnASourceThatHangs() {
    sources.eventsHang = true;
    long began = System.nanoTime();

    var facts = collect("checkout", Duration.ofMillis(300));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    assertThat(facts.missing())
        .containsExactly("Not looked at: change events (no answer in time).");
  }

  @Test
  void saysThatThereMayBeMoreIncidents() {
    sources.allIncidents = false;

    assertThat(collect("checkout", LIMIT).missing())
        .singleElement()
        .asString()
        .startsWith("Not looked at: some incidents of other services");
  }

  @Test
  void saysWhenTheCatalogDoesNotKnowTheService() {
    assertThat(collect("mail", LIMIT).missing())
        .containsExactly("The catalog does not know mail, so its dependencies are unknown.");
  }

  @Test
  void seesNothingOfABlindChaosRunAndTheRestOfItsOwnServices() {
    var blind = chaos("run-1", true, "dev.watchtower.chaos.run.started");
    var blindEnd = chaos("run-1", false, "dev.watchtower.chaos.run.ended");
    var open = chaos("run-2", false, "dev.watchtower.chaos.run.started");
    var elsewhere = Samples.change("dev.cdevents.service.deployed.0.3.0", "mail", 20, "v3");
    var deployed = Samples.change("dev.cdevents.service.deployed.0.3.0", "inventory", 30, "v2");
    sources.changes = List.of(blind, blindEnd, open, elsewhere, deployed);

    assertThat(collect("checkout", LIMIT).changes()).containsExactly(open, deployed);
  }

  private static ChangeEvent chaos(String run, boolean blind, String type) {
    return new ChangeEvent(
        run + type,
        "watchtower/chaos",
        type,
        "checkout",
        "prod",
        Samples.OPENED.minusSeconds(10),
        "run",
        Map.of("runId", run, "blind", blind));
  }
}
