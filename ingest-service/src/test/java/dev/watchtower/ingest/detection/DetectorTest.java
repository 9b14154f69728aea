package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.ERRORS;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.snapshot;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DetectorTest {
  @Nested
  class OnSignals {
    private final Detector detector = new Detector(new RuleBook(List.of(ERRORS)));

    @Test
    void tellsWithTheEvidence() {
      detector.onSignals(snapshot(100, 0.5, 10));
      List<Detected> fired = detector.onSignals(snapshot(103, 0.6, 10));

      Signal signal = fired.getFirst().signal();
      assertThat(signal.status()).isEqualTo(SignalStatus.FIRING);
      assertThat(signal.at()).isEqualTo(Instant.ofEpochSecond(100));
      assertThat(signal.summary())
          .isEqualTo("Too much of it: error_rate of checkout (prod) is 60.0 %, limit > 5.0 %");
      assertThat(signal.evidence().value()).isEqualTo(0.6);
      assertThat(signal.evidence().threshold()).isEqualTo(0.05);
      assertThat(signal.evidence().expression()).isEqualTo("the query");
      assertThat(signal.evidence().from()).isEqualTo(Instant.ofEpochSecond(93));
      assertThat(signal.evidence().to()).isEqualTo(Instant.ofEpochSecond(103));
      assertThat(signal.fingerprint()).hasSize(32).matches("[0-9a-f]+");
      assertThat(detector.firing()).isEqualTo(1);
    }

    @Test
    void tellsOfAServiceThatIsCalledOddlyUnderANameThatIsTaken() {
      SignalSnapshot seen = snapshot(100, 0.5, 10);
      ServiceKey odd = new ServiceKey("a\u001b[31m\u202eb", "prod");
      Signal signal = null;
      for (long at : List.of(100_000L, 103_000L)) {
        var fired =
            detector.onSignals(
                new SignalSnapshot(odd, at, seen.windowMillis(), seen.values(), seen.queries()));
        signal = fired.isEmpty() ? signal : fired.getFirst().message();
      }

      assertThat(signal).isNotNull();
      assertThat(signal.service()).isEqualTo("a\ufffd[31m\ufffdb");
    }

    @Test
    void clearsUnderTheSameFingerprint() {
      detector.onSignals(snapshot(100, 0.5, 10));
      Signal fired = detector.onSignals(snapshot(103, 0.5, 10)).getFirst().signal();
      detector.onSignals(snapshot(104, 0.01, 10));
      List<Detected> cleared = detector.onSignals(snapshot(114, 0.01, 10));

      assertThat(told(cleared)).containsExactly("CLEARED 104");
      assertThat(cleared.getFirst().signal().fingerprint()).isEqualTo(fired.fingerprint());
      assertThat(cleared.getFirst().signal().id()).isNotEqualTo(fired.id());
      assertThat(detector.firing()).isZero();
    }

    @Test
    void keepsStillWithoutEnoughTraffic() {
      for (int s = 0; s < 20; s++) {
        assertThat(detector.onSignals(snapshot(s, 1.0, 0.4))).isEmpty();
        assertThat(detector.onSignals(snapshot(s, null, 10))).isEmpty();
      }
    }

    @Test
    void doesNotTakeItForARecoveryThatPeopleStayAway() {
      detector.onSignals(snapshot(100, 0.5, 10));
      assertThat(told(detector.onSignals(snapshot(103, 0.5, 10)))).containsExactly("FIRING 100");

      for (int s = 110; s < 200; s += 5) {
        assertThat(detector.onSignals(snapshot(s, 0.5, 0.1))).isEmpty();
      }
      assertThat(detector.onSignals(snapshot(200, 0.01, 0.1))).isEmpty();
      assertThat(told(detector.onSignals(snapshot(210, 0.01, 0.1)))).containsExactly("CLEARED 200");
    }

    @Test
    void ignoresWhatIsOlderThanItsLastDecision() {
      detector.onSignals(snapshot(100, 0.5, 10));
      assertThat(detector.onSignals(snapshot(90, 0.0, 10))).isEmpty();

      assertThat(told(detector.onSignals(snapshot(103, 0.5, 10)))).containsExactly("FIRING 100");
    }

    @Test
    void endsWhatFiresByARuleThatIsGone() {
      detector.onSignals(snapshot(100, 0.5, 10));
      detector.onSignals(snapshot(103, 0.5, 10));

      List<Detected> cleared = detector.take(new RuleBook(List.of()), 110_000);

      assertThat(told(cleared)).containsExactly("CLEARED 110");
      assertThat(cleared.getFirst().signal().summary()).contains("the rule no longer applies");
      SignalEvidence evidence = cleared.getFirst().signal().evidence();
      assertThat(evidence.value()).as("what it was decided on last").isEqualTo(0.5);
      assertThat(evidence.threshold()).isEqualTo(0.05);
      assertThat(evidence.expression()).isEqualTo("the query");
      assertThat(evidence.to()).isEqualTo(Instant.ofEpochSecond(103));
      assertThat(detector.onSignals(snapshot(111, 0.5, 10))).isEmpty();
    }

    private List<Detected> seenAs(Severity severity, long second, double errorRate) {
      Catalog.Rule rule =
          new Catalog.Rule(
              ERRORS.name(),
              ERRORS.kind(),
              ERRORS.signal(),
              ERRORS.expression(),
              ERRORS.comparison(),
              ERRORS.threshold(),
              ERRORS.holdFor(),
              ERRORS.keepFiringFor(),
              ERRORS.after(),
              severity,
              ERRORS.services(),
              ERRORS.environments(),
              ERRORS.minTraffic(),
              ERRORS.summary(),
              ERRORS.runbook());
      assertThat(detector.take(new RuleBook(List.of(rule)), second * 1000)).isEmpty();
      return detector.onSignals(snapshot(second, errorRate, 10));
    }

    @Test
    void tellsOnceMoreWhatHasBecomeGraver() {
      detector.onSignals(snapshot(100, 0.5, 10));
      Signal fired = detector.onSignals(snapshot(103, 0.5, 10)).getFirst().signal();

      // The same instant, seen again by the new rule.
      List<Detected> risen = seenAs(Severity.SEV1, 103, 0.6);
      assertThat(told(risen)).containsExactly("FIRING 103");
      Signal signal = risen.getFirst().signal();
      assertThat(signal.severity()).isEqualTo(Severity.SEV1);
      assertThat(signal.fingerprint()).isEqualTo(fired.fingerprint());
      assertThat(signal.id()).isNotEqualTo(fired.id());
      assertThat(signal.evidence().value()).isEqualTo(0.6);
      assertThat(seenAs(Severity.SEV1, 104, 0.5)).isEmpty();

      // Less grave it is told no more, and not as graver when it is put back.
      assertThat(seenAs(Severity.SEV3, 105, 0.5)).isEmpty();
      assertThat(detector.open().getFirst().severity()).isEqualTo(Severity.SEV1);
      assertThat(seenAs(Severity.SEV1, 106, 0.5)).isEmpty();

      // It still counts as since when it began, and its end is of the gravest that was told.
      assertThat(detector.open().getFirst().since()).isEqualTo(100_000);
      assertThat(seenAs(Severity.SEV4, 107, 0.01)).isEmpty();
      List<Detected> cleared = seenAs(Severity.SEV4, 117, 0.01);
      assertThat(told(cleared)).containsExactly("CLEARED 107");
      assertThat(cleared.getFirst().signal().severity()).isEqualTo(Severity.SEV1);
    }

    @Test
    void whatIsAboutToBeOverIsGraverOnlyWhenItIsSeenAgain() {
      detector.onSignals(snapshot(100, 0.5, 10));
      List<Detected> fired = detector.onSignals(snapshot(103, 0.5, 10));
      detector.restore(fired);
      assertThat(seenAs(Severity.SEV1, 104, 0.01)).isEmpty();
      assertThat(detector.open().getFirst().severity()).isEqualTo(Severity.SEV2);

      assertThat(told(seenAs(Severity.SEV1, 105, 0.5))).containsExactly("FIRING 105");
    }

    @Test
    void goesOnAfterARestart() {
      detector.onSignals(snapshot(100, 0.5, 10));
      List<Detected> fired = detector.onSignals(snapshot(103, 0.5, 10));

      Detector restarted = new Detector(new RuleBook(List.of(ERRORS)));
      assertThat(restarted.troubledSince(CHECKOUT)).isEmpty();
      restarted.restore(fired);

      assertThat(restarted.troubledSince(CHECKOUT)).hasValue(100_000);
      assertThat(restarted.onSignals(snapshot(110, 0.5, 10))).isEmpty();
      assertThat(restarted.onSignals(snapshot(111, 0.0, 10))).isEmpty();
      assertThat(told(restarted.onSignals(snapshot(121, 0.0, 10)))).containsExactly("CLEARED 111");
      assertThat(restarted.troubledSince(CHECKOUT)).isEmpty();
    }

    @Test
    void tellsSinceWhenTheLatestOfWhatFiresOnAServiceDoes() {
      Catalog.Rule load = rule("load", SignalKind.THRESHOLD, "traffic", null, 3, 10, 0);
      Detector both = new Detector(new RuleBook(List.of(load, ERRORS)));
      both.onSignals(snapshot(90, 0.01, 10));
      both.onSignals(snapshot(93, 0.01, 10));
      assertThat(both.troubledSince(CHECKOUT)).hasValue(90_000);
      both.onSignals(snapshot(100, 0.5, 10));
      both.onSignals(snapshot(103, 0.5, 10));
      assertThat(both.troubledSince(CHECKOUT)).hasValue(100_000);
      both.onSignals(snapshot(104, 0.01, 10));
      both.onSignals(snapshot(114, 0.01, 10));
      assertThat(both.troubledSince(CHECKOUT)).hasValue(90_000);
    }

    @Test
    void doesNotTakeWhatIsMissingForFineWhileAServiceSettlesAfterARestart() {
      detector.onSignals(snapshot(100, 0.5, 10));
      List<Detected> fired = detector.onSignals(snapshot(103, 0.5, 10));
      Detector restarted = new Detector(new RuleBook(List.of(ERRORS)));
      restarted.restore(fired);

      for (int s = 110; s < 140; s += 5) {
        assertThat(restarted.onSignals(settling(s))).isEmpty();
      }
      assertThat(restarted.onSignals(snapshot(140, 0.5, 10))).isEmpty();
      assertThat(restarted.firing()).isEqualTo(1);
      assertThat(restarted.onSignals(snapshot(150, null, 10))).isEmpty();
      assertThat(told(restarted.onSignals(snapshot(160, null, 10)))).containsExactly("CLEARED 150");
    }

    private SignalSnapshot settling(long second) {
      SignalSnapshot seen = snapshot(second, null, 0);
      return new SignalSnapshot(
          seen.key(), seen.at(), seen.windowMillis(), seen.values(), seen.queries(), true);
    }

    @Test
    void namesTheServicesToLookAtAgain() {
      assertThat(detector.openOnSignals()).isEmpty();
      detector.onSignals(snapshot(100, 0.5, 10));
      detector.onSignals(snapshot(103, 0.5, 10));
      assertThat(detector.openOnSignals()).containsExactly(CHECKOUT);
      detector.onSignals(snapshot(110, null, 0));
      detector.onSignals(snapshot(120, null, 0));
      assertThat(detector.openOnSignals()).isEmpty();
    }

    @Test
    void endsWhatTheRuleOfThatNameNoLongerLooksAt() {
      Catalog.Rule queue = rule("errors", SignalKind.THRESHOLD, null, "queue > 1", 0, 0, 0);
      RuleBook expression = new RuleBook(List.of(queue));
      Labels labels = Labels.of("service", "checkout", "env", "prod", "queue", "x");
      Detector changing = new Detector(expression);
      changing.onVector(
          expression.onExpressions().get("errors"), 100_000, List.of(new Value.Sample(labels, 5)));

      assertThat(changing.take(new RuleBook(List.of(queue)), 101_000)).isEmpty();
      assertThat(told(changing.take(new RuleBook(List.of(ERRORS)), 102_000)))
          .as("it has series no more")
          .containsExactly("CLEARED 102");

      Detector summing = new Detector(expression);
      summing.onVector(
          expression.onExpressions().get("errors"),
          100_000,
          List.of(new Value.Sample(Labels.EMPTY, 5)));
      assertThat(told(summing.take(new RuleBook(List.of(ERRORS)), 102_000)))
          .as("no golden signal is of no service")
          .containsExactly("CLEARED 102");

      detector.onSignals(snapshot(100, 0.5, 10));
      detector.onSignals(snapshot(103, 0.5, 10));
      Catalog.Rule silent = rule("errors", SignalKind.NO_DATA, null, null, 0, 0, 0);
      assertThat(told(detector.take(new RuleBook(List.of(silent)), 110_000)))
          .as("it is of another kind")
          .containsExactly("CLEARED 110");
    }

    @Test
    void givesTheSameSignalsForTheSameSamples() {
      assertThat(randomRun()).isEqualTo(randomRun()).isNotEmpty();
    }

    private List<Detected> randomRun() {
      Random random = new Random(7);
      Detector fresh = new Detector(new RuleBook(List.of(ERRORS)));
      List<Detected> all = new ArrayList<>();
      double level = 0;
      for (int s = 0; s < 2_000; s++) {
        level = random.nextInt(20) == 0 ? random.nextDouble() * 0.1 : level;
        all.addAll(fresh.onSignals(snapshot(s, level, 10)));
      }
      return all;
    }
  }

  @Nested
  class OnFindings {
    private static final Labels FAST = Labels.of("tier", "1h");
    private static final Labels SLOW = Labels.of("tier", "6h");
    private final Catalog.Rule rule = rule("odd", SignalKind.ANOMALY, null, null, 10, 20, 0);
    private final Detector detector = new Detector(new RuleBook(List.of(rule)));

    private static Finding finding(Labels labels, Observation seen, long second) {
      return new Finding(CHECKOUT, labels, seen, Severity.SEV4, "odd", null, second * 1000);
    }

    private List<String> at(long second, Observation seen) {
      return told(detector.onFindings(rule, List.of(finding(Labels.EMPTY, seen, second))));
    }

    @Test
    void firesAndClearsAfterItsTimesAndConcludesNothingFromTheUnknown() {
      assertThat(at(100, Observation.BREACH)).isEmpty();
      assertThat(at(105, Observation.BREACH)).isEmpty();
      assertThat(at(110, Observation.BREACH)).containsExactly("FIRING 100");
      assertThat(at(120, Observation.UNKNOWN)).isEmpty();
      assertThat(at(500, Observation.UNKNOWN)).isEmpty();
      assertThat(at(510, Observation.FINE)).isEmpty();
      assertThat(at(529, Observation.FINE)).isEmpty();
      assertThat(at(530, Observation.FINE)).containsExactly("CLEARED 510");
    }

    @Test
    void decidesNothingForAnInstantThatIsOver() {
      at(100, Observation.BREACH);
      assertThat(at(110, Observation.BREACH)).containsExactly("FIRING 100");

      assertThat(at(90, Observation.FINE)).isEmpty();
      assertThat(at(109, Observation.FINE)).isEmpty();
      assertThat(at(120, Observation.BREACH)).isEmpty();
      assertThat(at(140, Observation.BREACH)).isEmpty();
    }

    @Test
    void holdsBackWhatWouldBeginWhileSomethingGraverFires() {
      List<String> told = new ArrayList<>();
      for (int s = 100; s <= 140; s += 10) {
        Observation fast = s < 120 ? Observation.BREACH : Observation.FINE;
        told.addAll(
            told(
                detector.onFindings(
                    rule, List.of(finding(FAST, fast, s), finding(SLOW, Observation.BREACH, s)))));
      }

      assertThat(told).containsExactly("FIRING 100", "CLEARED 120");
      assertThat(
              told(
                  detector.onFindings(
                      rule,
                      List.of(
                          finding(FAST, Observation.FINE, 150),
                          finding(SLOW, Observation.BREACH, 150)))))
          .as("its patience began when nothing held it back")
          .containsExactly("FIRING 140");
    }
  }
}
