package dev.watchtower.incident.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.correlation.CorrelationPolicy.Join;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CorrelationPolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final Duration WINDOW = Duration.ofMinutes(2);
  private static final DependencyGraph GRAPH =
      DependencyGraph.of(
          new CatalogParser(name -> null)
              .parse(
                  "test",
                  """
                  version: 1
                  services:
                    - {name: front, environments: [prod], dependencies: [middle, other]}
                    - {name: middle, environments: [prod], dependencies: [back]}
                    - {name: back, environments: [prod]}
                    - {name: other, environments: [prod]}
                    - {name: ring1, environments: [prod], dependencies: [ring2]}
                    - {name: ring2, environments: [prod], dependencies: [ring1]}
                    - {name: alone, environments: [prod]}
                  """
                      .getBytes(StandardCharsets.UTF_8)));

  private static Incident incident(long number, String service, int firedSecondsAgo) {
    var fired = NOW.minusSeconds(firedSecondsAgo);
    var signal =
        new IncidentSignal(
            "f" + number,
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            "rule",
            service,
            Severity.SEV2,
            "",
            fired,
            null,
            null);
    return new Incident(
        UUID.randomUUID(),
        number,
        new Subject("title", service, "prod", null),
        IncidentState.OPEN,
        Incident.Grade.byRule(Severity.SEV2),
        new Marks(null, fired, null, null, null),
        null,
        Incident.Timers.NONE,
        1,
        1,
        List.of(signal));
  }

  private static Optional<Join> join(String service, Incident... others) {
    return join(service, Severity.SEV2, true, others);
  }

  private static Optional<Join> join(
      String service, Severity severity, boolean felt, Incident... others) {
    return CorrelationPolicy.choose(
        signalOf(service, severity), List.of(others), GRAPH, WINDOW, felt);
  }

  private static Signal signalOf(String service, Severity severity) {
    return new Signal(
        UUID.randomUUID(),
        "x",
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        "rule",
        service,
        "prod",
        severity,
        "",
        NOW,
        null,
        null);
  }

  @Test
  void theCallerJoinsTheIncidentOfWhatItCallsAlsoThroughOthers() {
    var back = incident(1, "back", 4);

    assertThat(join("front", back))
        .get()
        .returns(back, Join::incident)
        .returns(false, Join::takesOver);
    assertThat(join("front", back).orElseThrow().why())
        .isEqualTo("front depends on back, 4 s apart");
  }

  @Test
  void theCalleeTakesTheIncidentOfItsCallerOver() {
    assertThat(join("back", incident(1, "front", 4)))
        .get()
        .returns(true, Join::takesOver)
        .returns("front depends on back, 4 s apart", Join::why);
  }

  @Test
  void whatIsLessSevereJoinsAndTakesNothingOver() {
    var front = incident(1, "front", 4);

    assertThat(join("back", Severity.SEV3, true, front))
        .get()
        .returns(false, Join::takesOver)
        .returns("front", Join::caller)
        .returns("back", Join::callee);
    assertThat(join("back", Severity.SEV1, true, front)).get().returns(true, Join::takesOver);
  }

  @Test
  void whatNoCallerFeelsStandsForItself() {
    var front = incident(1, "front", 4);

    assertThat(join("back", Severity.SEV2, false, front)).isEmpty();
    assertThat(join("front", Severity.SEV3, false, incident(2, "back", 4))).isPresent();
  }

  @Test
  void whatIsNotRelatedOrTooFarApartStandsForItself() {
    assertThat(join("other", incident(1, "middle", 4))).isEmpty();
    assertThat(join("alone", incident(1, "front", 4))).isEmpty();
    assertThat(join("front", incident(1, "back", 121))).isEmpty();
    assertThat(join("front", incident(1, "back", 120))).isPresent();
  }

  @Test
  void ofSeveralTheCalledOneGoesFirstThenTheNearestInTime() {
    var caller = incident(1, "front", 1);
    var callee = incident(2, "back", 60);
    assertThat(join("middle", caller, callee)).get().returns(callee, Join::incident);

    var far = incident(3, "other", 60);
    var near = incident(4, "back", 3);
    assertThat(join("front", far, near)).get().returns(near, Join::incident);
  }

  private static List<Join> explained(Severity severity, Incident taken, Incident... others) {
    var all = new ArrayList<>(List.of(others));
    all.add(taken);
    return CorrelationPolicy.explained(signalOf("back", severity), taken, all, GRAPH, WINDOW);
  }

  @Test
  void theIncidentsOfOtherCallersAreExplainedByWhatHasTakenOneOver() {
    var taken = incident(1, "back", 4);
    var front = incident(3, "front", 120);
    var middle = incident(2, "middle", 1);

    assertThat(explained(Severity.SEV2, taken, front, middle))
        .extracting(Join::incident)
        .containsExactly(middle, front);
    assertThat(explained(Severity.SEV2, taken, front).getFirst().why())
        .isEqualTo("front depends on back, 2 min 0 s apart");
  }

  @Test
  void whatMayBeTroubleOfItsOwnIsNotExplained() {
    var taken = incident(1, "back", 4);

    assertThat(explained(Severity.SEV3, taken, incident(2, "front", 4))).isEmpty();
    assertThat(explained(Severity.SEV2, taken, incident(2, "front", 121))).isEmpty();
    assertThat(explained(Severity.SEV2, taken, incident(2, "other", 4))).isEmpty();
    var declared = incident(2, "front", 4);
    assertThat(
            explained(
                Severity.SEV2,
                taken,
                with(declared, new Subject("t", "front", "prod", null, true), IncidentState.OPEN)))
        .isEmpty();
    assertThat(
            explained(
                Severity.SEV2, taken, with(declared, declared.subject(), IncidentState.IDENTIFIED)))
        .isEmpty();
  }

  @Test
  void whatPeopleHaveTakenUpIsNotTakenFromThem() {
    var taken = incident(1, "back", 4);
    var front = incident(2, "front", 4);
    var acknowledged = new Marks(null, front.marks().opened(), NOW, null, null);

    assertThat(explained(Severity.SEV2, taken, front)).hasSize(1);
    assertThat(explained(Severity.SEV2, taken, front.assignedTo("ann"))).isEmpty();
    assertThat(explained(Severity.SEV2, taken, marked(front, acknowledged))).isEmpty();
  }

  private static Incident marked(Incident incident, Marks marks) {
    return new Incident(
        incident.id(),
        incident.number(),
        incident.subject(),
        IncidentState.ACKNOWLEDGED,
        incident.grade(),
        marks,
        null,
        incident.timers(),
        1,
        1,
        incident.signals());
  }

  private static Incident with(Incident incident, Subject subject, IncidentState state) {
    return new Incident(
        incident.id(),
        incident.number(),
        subject,
        state,
        incident.grade(),
        incident.marks(),
        null,
        incident.timers(),
        1,
        1,
        incident.signals());
  }

  @Test
  void inARingNobodyTakesOver() {
    assertThat(join("ring1", incident(1, "ring2", 4))).get().returns(false, Join::takesOver);
    assertThat(join("ring2", incident(1, "ring1", 4))).get().returns(false, Join::takesOver);
  }

  @Test
  void aClusterIsWhatHangsTogether() {
    assertThat(List.of("front", "middle", "back", "other"))
        .allMatch(s -> GRAPH.clusterOf(s).equals("back"));
    assertThat(GRAPH.clusterOf("ring2")).isEqualTo("ring1");
    assertThat(GRAPH.clusterOf("alone")).isEqualTo("alone");
    assertThat(GRAPH.clusterOf("unknown")).isEqualTo("unknown");
  }
}
