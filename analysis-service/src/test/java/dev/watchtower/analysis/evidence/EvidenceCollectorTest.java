package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceCollectorTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Sources by hand: golden signals that end at a time, and whatever a test sets. */
  private static final class Sources implements Telemetry, Incidents {
    Map<String, Instant> lastValue = Map.of();
    Instant firstValue = Instant.MIN;
    Instant errorsFrom = Instant.MAX;
    Instant errorsTo = Instant.MAX;
    List<ChangeEvent> changes = List.of();
    Instant changesUntil = Instant.MIN;
    List<IncidentView> incidents = List.of();
    boolean eventsHang;
    Instant slowWayFrom = Instant.MAX;
    List<Anomaly> anomalies = List.of();

    @Override
    public List<Series> goldenSignals(
        String service, String env, Instant from, Instant to, Duration step) {
      var end = lastValue.getOrDefault(service, to);
      int count = (int) (Duration.between(from, to).toMillis() / step.toMillis());
      long[] millis = new long[count];
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        millis[i] = from.toEpochMilli() + i * step.toMillis();
        values[i] = millis[i] <= end.toEpochMilli() ? 0.3 + 0.001 * (i % 7) : Double.NaN;
      }
      if (end.isBefore(from)) {
        return List.of();
      }
      double[] goesOn = new double[count];
      double[] errors = new double[count];
      java.util.Arrays.fill(goesOn, 0.25);
      for (int i = 0; i < count; i++) {
        var at = Instant.ofEpochMilli(millis[i]);
        if (at.isBefore(firstValue)) {
          values[i] = goesOn[i] = errors[i] = Double.NaN;
        } else if (service.equals("inventory")
            && !at.isBefore(errorsFrom)
            && at.isBefore(errorsTo)) {
          errors[i] = 0.7;
        }
      }
      return List.of(
          new Series(service, "error_rate", millis, errors, Series.Unit.GOLDEN),
          new Series(service, "traffic", millis, values, Series.Unit.GOLDEN),
          new Series(service, "memory", millis, goesOn, Series.Unit.GOLDEN));
    }

    @Override
    public List<Series> furtherSeries(
        String service, String env, Instant from, Instant to, Duration step) {
      return List.of();
    }

    @Override
    public Calls calls(String service, String env, Instant from, Instant to, Duration step) {
      int count = (int) (Duration.between(from, to).toMillis() / step.toMillis());
      long[] millis = new long[count];
      double[] waited = new double[count];
      double[] worked = new double[count];
      for (int i = 0; i < count; i++) {
        millis[i] = from.toEpochMilli() + i * step.toMillis();
        boolean slow = !Instant.ofEpochMilli(millis[i]).isBefore(slowWayFrom);
        worked[i] = 0.020 + 0.001 * (i % 5);
        waited[i] = 0.025 + 0.001 * (i % 3) + (slow && service.equals("checkout") ? 0.3 : 0);
      }
      return new Calls(
          Map.of("10.0.0.7", new Series(service, "call_time", millis, waited, Series.Unit.GOLDEN)),
          new Series(service, "work_time", millis, worked, Series.Unit.GOLDEN));
    }

    @Override
    public List<ChangeEvent> changes(String env, Instant from, Instant to) {
      if (eventsHang) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new SourceException("interrupted", e);
        }
      }
      changesUntil = to;
      return changes;
    }

    @Override
    public List<Anomaly> anomalies(String env) {
      return anomalies;
    }

    @Override
    public Optional<IncidentView> find(UUID id) {
      return Optional.empty();
    }

    @Override
    public List<IncidentView> active(String env) {
      return incidents;
    }
  }

  private final Sources sources = new Sources();

  private Facts collect(String service, Duration limit) {
    return collect(
        Samples.incident(
            service,
            Samples.OPENED,
            Samples.firing(service, SignalKind.THRESHOLD, "Too many requests fail")),
        Samples.OPENED.plusSeconds(1),
        limit);
  }

  private Facts collect(IncidentView incident) {
    return collect(incident, Samples.OPENED.plusSeconds(1), LIMIT);
  }

  private Facts collect(IncidentView incident, Instant now, Duration limit) {
    return new EvidenceCollector(sources, sources)
        .collect(incident, Samples.catalog(Duration.ofSeconds(20)), now, limit);
  }

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

  private static IncidentSignal broken(String service, Instant firedAt) {
    return new IncidentSignal(
        "fp",
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        "high-error-rate",
        service,
        Severity.SEV2,
        "Too many requests fail",
        firedAt,
        null,
        new SignalEvidence("error_rate", 0.4, 0.05, null, null, Map.of()));
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
  void givesUpOnASourceThatHangs() {
    sources.eventsHang = true;
    long began = System.nanoTime();

    var facts = collect("checkout", Duration.ofMillis(300));

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    assertThat(facts.missing())
        .containsExactly("Not looked at: change events (no answer in time).");
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
