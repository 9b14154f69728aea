package dev.watchtower.analysis.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.model.RawAnswer.RawHypothesis;
import dev.watchtower.analysis.report.Findings;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.AnalysisView.Risk;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PastTroubleTest {
  private final EvidenceList evidence =
      new EvidenceList(
          Samples.afterTrouble(Samples.facts(Samples.failing(), List.of(), List.of())));
  private final String past = evidence.idOf(evidence.facts().past().getFirst());

  @Test
  void theModelIsToldThatItIsOver() {
    assertThat(Briefing.question(evidence, List.of(), Set.of("inventory")))
        .contains(
            past
                + " DEVIATION service=inventory metric=error_rate direction=up usual=0 observed=0.6"
                + " sigmas=70 onset=2026-03-02T09:58:20Z over-since=2026-03-02T09:59:00Z\n");
  }

  @Test
  void whatRestsOnItAloneIsNotHeldForSure() {
    assertThat(confidence(past)).isEqualTo(0.5);
    assertThat(confidence(past, "e2")).isEqualTo(0.9);
  }

  private double confidence(String... cited) {
    var answer =
        new RawAnswer(
            List.of(new RawHypothesis("inventory fails", 0.9, List.of(cited))), List.of(), null);
    var fallback = new Findings(List.of(), List.of(), new Risk("LOW", List.of(), "why"));
    return AnswerCheck.check(answer, evidence, fallback)
        .findings()
        .hypotheses()
        .getFirst()
        .confidence();
  }
}
