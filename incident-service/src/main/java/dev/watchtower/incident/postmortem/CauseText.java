package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.AnalysisView.Hypothesis;
import dev.watchtower.common.wire.CauseVerdict;
import dev.watchtower.common.wire.CauseVerdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Words the causes: what people confirmed first, then what the analysis named and nobody judged,
 * then what people ruled out. Pure.
 */
final class CauseText {
  private CauseText() {}

  static String of(Optional<AnalysisView> analysis, Verdicts verdicts) {
    var judged = newestByStatement(verdicts);
    var paragraphs = new ArrayList<String>();
    judged(judged, Verdict.CONFIRMED)
        .ifPresent(lines -> paragraphs.add("Confirmed by a person.\n\n" + lines));
    var open =
        analysis.map(AnalysisView::hypotheses).orElse(List.of()).stream()
            .filter(h -> !judged.containsKey(h.statement()))
            .sorted(Comparator.comparingInt(Hypothesis::rank))
            .toList();
    if (!open.isEmpty()) {
      paragraphs.add(
          "From the analysis; not confirmed by a person.\n\n" + lines(open, evidence(analysis)));
    }
    judged(judged, Verdict.WRONG)
        .ifPresent(lines -> paragraphs.add("Ruled out by a person.\n\n" + lines));
    var unknown = verdicts.unknown();
    if (paragraphs.isEmpty()) {
      paragraphs.add("No cause is known. Write down what was found.");
    } else if (unknown != null) {
      paragraphs.add("Whether a person confirmed one of them is not known: " + unknown + ".");
    }
    return String.join("\n\n", paragraphs);
  }

  // Whoever judged last has seen the most.
  private static Map<String, CauseVerdict> newestByStatement(Verdicts verdicts) {
    var newest = new LinkedHashMap<String, CauseVerdict>();
    for (var verdict : verdicts.all()) {
      var statement = verdict.statement();
      if (statement != null) {
        newest.put(statement, verdict);
      }
    }
    return newest;
  }

  private static Optional<String> judged(Map<String, CauseVerdict> judged, Verdict verdict) {
    var lines =
        judged.entrySet().stream()
            .filter(e -> e.getValue().verdict() == verdict)
            .map(e -> line(e.getKey(), e.getValue()))
            .collect(Collectors.joining("\n"));
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
  }

  private static String line(String statement, CauseVerdict verdict) {
    var comment = verdict.comment();
    return "- %s (%s%s)"
        .formatted(
            DraftText.plain(statement),
            DraftText.plain(verdict.actor().name()),
            comment == null || comment.isBlank() ? "" : ": " + DraftText.plain(comment));
  }

  private static Map<String, String> evidence(Optional<AnalysisView> analysis) {
    return analysis.map(AnalysisView::evidence).orElse(List.of()).stream()
        .collect(
            Collectors.toMap(
                AnalysisView.Evidence::id, AnalysisView.Evidence::summary, (a, b) -> a));
  }

  private static String lines(List<Hypothesis> hypotheses, Map<String, String> summaries) {
    return hypotheses.stream()
        .map(h ->
            String.format(
                Locale.ROOT,
                "%d. %s (%.0f %%)%s",
                h.rank(),
                DraftText.plain(h.statement()),
                h.confidence() * 100,
                cited(h, summaries)))
        .collect(Collectors.joining("\n"));
  }

  private static String cited(Hypothesis hypothesis, Map<String, String> summaries) {
    return hypothesis.evidence().stream()
        .map(id -> summaries.getOrDefault(id, ""))
        .filter(s -> !s.isEmpty())
        .map(s -> "\n   - " + DraftText.plain(s))
        .collect(Collectors.joining());
  }
}
