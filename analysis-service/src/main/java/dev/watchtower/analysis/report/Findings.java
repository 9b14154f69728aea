package dev.watchtower.analysis.report;

import dev.watchtower.common.wire.AnalysisView.Hypothesis;
import dev.watchtower.common.wire.AnalysisView.Risk;
import dev.watchtower.common.wire.AnalysisView.Suggestion;
import java.util.List;

/** What an analysis says. */
public record Findings(List<Hypothesis> hypotheses, List<Suggestion> suggestions, Risk risk) {
  public Findings {
    hypotheses = List.copyOf(hypotheses);
    suggestions = List.copyOf(suggestions);
  }
}
