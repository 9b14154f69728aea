package dev.watchtower.incident.mute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.mute.Matchers.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutePolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private static Target target(String service, String rule) {
    return new Target(service, "prod", Severity.SEV2, rule, Map.of("zone", "a1"));
  }

  private static Matchers services(String... names) {
    return new Matchers(List.of(names), List.of(), List.of(), List.of(), Map.of());
  }

  private static MuteRule rule(Matchers matchers, int minutes) {
    return new MuteRule(
        UUID.randomUUID(),
        1,
        MuteRule.Kind.SILENCE,
        matchers,
        new Schedule.Once(NOW, NOW.plusSeconds(60L * minutes)),
        "ann",
        "deploying",
        NOW,
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "checkout, checkout, true",
    "check*, checkout, true",
    "*out, checkout, true",
    "c*k*t, checkout, true",
    "*, checkout, true",
    "checkou, checkout, false",
    "c*x, checkout, false",
    "checkout?, checkout, false",
    "a*b*a, aba, true",
    "a*ba, aba, true",
    "ab*ba, aba, false"
  })
  void aStarStandsForAnything(String pattern, String text, boolean fits) {
    assertThat(Matchers.matches(pattern, text)).isEqualTo(fits);
  }

  @Test
  void everyPartHasToFit() {
    var all =
        new Matchers(
            List.of("checkout", "shop-*"),
            List.of("prod"),
            List.of(Severity.SEV2),
            List.of("high-*"),
            Map.of("zone", "a*"));

    assertThat(all.matches(target("shop-1", "high-latency"))).isTrue();
    assertThat(all.matches(target("inventory", "high-latency"))).isFalse();
    assertThat(all.matches(target("checkout", "cpu-saturated"))).isFalse();
    assertThat(all.matches(new Target("checkout", "test", Severity.SEV2, "high-x", Map.of())))
        .isFalse();
    assertThat(
            all.matches(
                new Target("checkout", "prod", Severity.SEV1, "high-x", Map.of("zone", "a1"))))
        .isFalse();
    assertThat(
            all.matches(
                new Target("checkout", "prod", Severity.SEV2, "high-x", Map.of("zone", "b1"))))
        .isFalse();
  }

  @Test
  void oneSignalThatIsNotCoveredIsEnoughToTellPeople() {
    var both = List.of(target("a", "r"), target("b", "r"));

    assertThat(MutePolicy.byRules(both, List.of(rule(services("a"), 5)), NOW)).isEmpty();
    assertThat(
            MutePolicy.byRules(both, List.of(rule(services("a"), 5), rule(services("b"), 3)), NOW))
        .get()
        .extracting(Muting::until)
        .isEqualTo(NOW.plusSeconds(180));
  }

  @Test
  void ofTwoRulesForOneSignalTheLongerCounts() {
    var rules = List.of(rule(services("a"), 5), rule(services("*"), 30));

    assertThat(MutePolicy.byRules(List.of(target("a", "r")), rules, NOW))
        .get()
        .extracting(Muting::until)
        .isEqualTo(NOW.plusSeconds(1800));
    assertThat(MutePolicy.byRules(List.of(target("a", "r")), rules, NOW.plusSeconds(1800)))
        .isEmpty();
  }

  @Test
  void whatAPersonCallsWorseThanItsSignalsIsNoLongerOneOfThose() {
    var signal =
        new IncidentSignal(
            "fp",
            SignalKind.THRESHOLD,
            SignalStatus.FIRING,
            "slow",
            "front",
            Severity.SEV3,
            "slow",
            NOW,
            null,
            null,
            false);
    var mild = incident(1, "front", IncidentState.OPEN, Severity.SEV3, signal);
    var raised = mild.graded(Incident.Grade.by(Actor.person("ann"), Severity.SEV1));
    var lowered = mild.graded(Incident.Grade.by(Actor.person("ann"), Severity.SEV4));

    assertThat(MutePolicy.targetsOf(mild)).extracting(Target::severity).containsOnly(Severity.SEV3);
    assertThat(MutePolicy.targetsOf(raised))
        .extracting(Target::severity)
        .containsOnly(Severity.SEV1);
    assertThat(MutePolicy.targetsOf(lowered))
        .as("in doubt people are told")
        .extracting(Target::severity)
        .containsOnly(Severity.SEV3);
  }

  private static final DependencyGraph GRAPH =
      DependencyGraph.of(
          new CatalogParser(name -> null)
              .parse(
                  "test",
                  """
                  version: 1
                  services:
                    - {name: front, environments: [prod, test], dependencies: [middle]}
                    - {name: middle, environments: [prod], dependencies: [back]}
                    - {name: back, environments: [prod], dependencies: []}
                  """
                      .getBytes(StandardCharsets.UTF_8)));

  private static Incident incident(
      long number,
      String service,
      IncidentState state,
      Severity severity,
      IncidentSignal... signals) {
    return new Incident(
        UUID.randomUUID(),
        number,
        new Subject("title", service, "prod", null),
        state,
        Incident.Grade.byRule(severity),
        new Marks(null, NOW, null, null, null),
        null,
        Incident.Timers.NONE,
        1,
        1,
        List.of(signals));
  }

  private static Optional<Muting> inhibition(Incident incident, Incident... others) {
    return MutePolicy.byDependency(incident, List.of(others), GRAPH, (one, other) -> true);
  }

  @Test
  void aDependencyThatFailsMutesWhatDependsOnItButNotTheOtherWayRound() {
    var front = incident(1, "front", IncidentState.OPEN, Severity.SEV2);
    var back = incident(2, "back", IncidentState.INVESTIGATING, Severity.SEV2);

    assertThat(inhibition(front, back))
        .get()
        .extracting(Muting::why)
        .isEqualTo("incident #2: front depends on back, which fails");
    assertThat(inhibition(back, front)).isEmpty();
  }

  @Test
  void theOldestThatReachesPeopleMutesAndNoLaterOneIsAskedAfter() {
    var front = incident(1, "front", IncidentState.OPEN, Severity.SEV2);
    var asked = new ArrayList<Long>();

    var muting =
        MutePolicy.byDependency(
            front,
            Stream.of(4, 3, 2)
                .map(number -> incident(number, "back", IncidentState.OPEN, Severity.SEV2))
                .toList(),
            GRAPH,
            (one, other) -> {
              asked.add(other.number());
              return other.number() > 2;
            });

    assertThat(muting).get().extracting(Muting::why).asString().startsWith("incident #3:");
    assertThat(asked).containsExactly(2L, 3L);
  }

  @Test
  void aDependencyThatRecoveredIsLessSevereOrWasToldToNobodyMutesNothing() {
    var front = incident(1, "front", IncidentState.OPEN, Severity.SEV2);

    assertThat(inhibition(front, incident(2, "back", IncidentState.MITIGATED, Severity.SEV1)))
        .isEmpty();
    assertThat(inhibition(front, incident(2, "back", IncidentState.OPEN, Severity.SEV3))).isEmpty();
    var untold = incident(2, "back", IncidentState.OPEN, Severity.SEV1);
    assertThat(MutePolicy.byDependency(front, List.of(untold), GRAPH, (one, other) -> false))
        .isEmpty();
  }
}
