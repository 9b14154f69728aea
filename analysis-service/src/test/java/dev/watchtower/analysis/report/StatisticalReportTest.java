package dev.watchtower.analysis.report;

import static dev.watchtower.analysis.support.Samples.change;
import static dev.watchtower.analysis.support.Samples.deviation;
import static dev.watchtower.analysis.support.Samples.failing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Ranker;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.AnalysisView.Suggestion;
import dev.watchtower.common.wire.ChangeEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatisticalReportTest {
  private static Findings report(
      List<Deviation> deviations, List<ChangeEvent> changes, List<String> missing) {
    var evidence = new EvidenceList(Samples.facts(deviations, changes, missing));
    return StatisticalReport.write(
        new Ranker(Duration.ofSeconds(10)).rank(deviations, Samples.SHOP),
        evidence,
        new Surroundings(Samples.catalog(Duration.ofSeconds(20))));
  }

  @Test
  void saysWhatFailsAndWhomItHurtsWithEvidence() {
    var first = report(failing(), List.of(), List.of()).hypotheses().getFirst();

    assertThat(first.statement())
        .isEqualTo(
            "inventory itself fails: error rate of inventory rose to 70 % (usually 0 %), since"
                + " 09:59:51 UTC. What calls it suffers: checkout.");
    assertThat(first.evidence()).contains("e2", "e5");
    assertThat(first.confidence()).isBetween(0.5, 0.9);
  }

  @Test
  void saysThatTheUsualIsNotKnownOnlyWhereItIsNot() {
    assertThat(statement(0.0207))
        .isEqualTo(
            "checkout itself is slow: latency (95th percentile) of checkout is at 1170 ms (usually"
                + " 20.7 ms), over its limit of 500 ms, since 10:00:00 UTC.");
    assertThat(statement(null))
        .isEqualTo(
            "Latency (95th percentile) of checkout is at 1170 ms, over its limit of 500 ms, since"
                + " 10:00:00 UTC. What is usual for it is not known.");
  }

  private static String statement(@Nullable Double usual) {
    var broken =
        Deviation.breach(
            "checkout", "latency_p95", SignalType.LATENCY, 1.17, 0.5, usual, Samples.OPENED);
    return report(List.of(broken), List.of(), List.of()).hypotheses().getFirst().statement();
  }

  @Test
  void namesADeploymentShortlyBeforeAndSuggestsToRollItBack() {
    var findings =
        report(
            failing(),
            List.of(
                change("dev.cdevents.service.deployed.0.3.0", "inventory", 49, "v2"),
                change("dev.cdevents.service.deployed.0.3.0", "checkout", 5_000, "v9")),
            List.of());

    assertThat(findings.hypotheses().getFirst().statement())
        .contains("It began 40 s after this change: deployment at 09:59:11 UTC.");
    assertThat(findings.suggestions().getFirst().kind()).isEqualTo("ROLLBACK");
  }

  @Test
  void doesNotBlameAChangeThatCameAfterwards() {
    var findings =
        report(
            failing(),
            List.of(change("dev.cdevents.service.deployed.0.3.0", "inventory", 0, "v2")),
            List.of());

    assertThat(findings.hypotheses().getFirst().statement()).doesNotContain("change");
    assertThat(findings.suggestions()).noneMatch(s -> s.kind().equals("ROLLBACK"));
  }

  @Test
  void suggestsARestartOfWhatIsGone() {
    var findings =
        report(
            List.of(Deviation.gone("inventory", Samples.OPENED.minusSeconds(5))),
            List.of(),
            List.of());

    assertThat(findings.hypotheses().getFirst().statement())
        .startsWith("inventory is down or sends nothing any more, since 09:59:55 UTC.");
    assertThat(findings.suggestions().getFirst().kind()).isEqualTo("RESTART");
  }

  @Test
  void suggestsMoreRoomForABusyProcessorOnlyWhenThereIsMoreWork() {
    var busy = deviation("checkout", "cpu", 0.1, 0.99, 9);

    assertThat(kinds(report(List.of(busy), List.of(), List.of()))).contains("RESTART");
    assertThat(
            kinds(
                report(
                    List.of(busy, deviation("checkout", "traffic", 9, 90, 9)),
                    List.of(),
                    List.of())))
        .contains("SCALE");
  }

  private static List<String> kinds(Findings findings) {
    return findings.suggestions().stream().map(Suggestion::kind).toList();
  }

  @Test
  void everySuggestionAndHypothesisCitesEvidence() {
    var findings = report(failing(), List.of(), List.of());

    assertThat(findings.hypotheses()).allSatisfy(h -> assertThat(h.evidence()).isNotEmpty());
    assertThat(findings.suggestions())
        .isNotEmpty()
        .allSatisfy(s -> assertThat(s.evidence()).isNotEmpty());
  }

  @Test
  void isLessSureWhenEvidenceIsMissing() {
    double whole = report(failing(), List.of(), List.of()).hypotheses().getFirst().confidence();
    double partial =
        report(failing(), List.of(), List.of("Not looked at: change events."))
            .hypotheses()
            .getFirst()
            .confidence();

    assertThat(partial).isLessThan(whole);
  }

  @Test
  void saysThatTheCauseIsNotClearWhenNothingDeviates() {
    var findings = report(List.of(), List.of(), List.of());

    assertThat(findings.hypotheses())
        .singleElement()
        .satisfies(h -> assertThat(h.statement()).contains("the cause is not clear yet"))
        .satisfies(h -> assertThat(h.confidence()).isLessThan(0.2));
  }

  @Test
  void doesNotHoldWhatWasOverBeforeForTheCauseButCitesIt() {
    var evidence =
        new EvidenceList(Samples.afterTrouble(Samples.facts(List.of(), List.of(), List.of())));
    var findings =
        StatisticalReport.write(
            List.of(), evidence, new Surroundings(Samples.catalog(Duration.ofSeconds(20))));

    assertThat(findings.hypotheses())
        .singleElement()
        .satisfies(h ->
            assertThat(h.statement())
                .contains(
                    "no series has been out of its usual range since in what could be measured"))
        .satisfies(h ->
            assertThat(h.evidence()).contains(evidence.idOf(evidence.facts().past().getFirst())));
  }

  @Test
  void namesEverythingThatDependsOnTheCauseAsItsBlastRadius() {
    var risk = report(failing(), List.of(), List.of()).risk();

    assertThat(risk.level()).isEqualTo("HIGH");
    assertThat(risk.blastRadius()).containsExactlyInAnyOrder("inventory", "checkout", "storefront");
  }

  @Test
  void saysThatOnlyACallerSeesIt() {
    var first =
        report(List.of(deviation("checkout", "client_latency", 0.02, 1.2, 9)), List.of(), List.of())
            .hypotheses()
            .getFirst();

    assertThat(first.statement())
        .startsWith(
            "Calls to inventory go wrong as checkout sees them: time of calls to other services of"
                + " checkout rose to 1200 ms (usually 20 ms), since 09:59:51 UTC. inventory itself"
                + " shows nothing unusual, so the connection to it may be the cause.");
  }
}
