package dev.watchtower.analysis.model;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.evidence.Wording;
import dev.watchtower.analysis.report.Findings;
import dev.watchtower.analysis.report.RiskLevel;
import dev.watchtower.analysis.report.SuggestionKind;
import dev.watchtower.common.wire.AnalysisView.Hypothesis;
import dev.watchtower.common.wire.AnalysisView.Risk;
import dev.watchtower.common.wire.AnalysisView.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a model's answer what cites evidence that exists, as capped plain text; everything else
 * is dropped and counted. What rests only on text that anybody could have sent (change events), on
 * what is missing or on what was over before is never held for sure.
 */
final class AnswerCheck {
  private static final int MOST_HYPOTHESES = 5;
  private static final int MOST_SUGGESTIONS = 5;
  private static final int MOST_TEXT = 600;
  private static final int MOST_CITED = 12;
  private static final double WEAKLY_FOUNDED = 0.5;
  private static final Pattern LINK = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://\\S+|\\bwww\\.\\S+");

  /** Markup, and characters that are not seen: what stands around them may be a link. */
  private static final Pattern MARKUP =
      Pattern.compile("[<>`*_\\[\\]{}|\\\\\\p{Cf}]|(?!\\s)\\p{Cc}");

  private final EvidenceList evidence;
  private final List<String> notes = new ArrayList<>();

  private AnswerCheck(EvidenceList evidence) {
    this.evidence = evidence;
  }

  /**
   * What is kept.
   *
   * @param notes what was dropped, each a few words
   */
  record Checked(Findings findings, List<String> notes) {}

  /**
   * Checks the answer against the evidence; {@code fallback} gives what the answer lacks.
   *
   * @throws ModelException if no hypothesis is left
   */
  static Checked check(RawAnswer answer, EvidenceList evidence, Findings fallback) {
    var check = new AnswerCheck(evidence);
    var hypotheses = check.hypotheses(answer.hypotheses());
    var suggestions = check.suggestions(answer.suggestions());
    var risk = check.risk(answer.risk(), fallback.risk());
    return new Checked(
        new Findings(
            hypotheses, suggestions.isEmpty() ? fallback.suggestions() : suggestions, risk),
        List.copyOf(check.notes));
  }

  private List<Hypothesis> hypotheses(@Nullable List<RawAnswer.@Nullable RawHypothesis> raw) {
    if (raw == null || raw.isEmpty()) {
      throw new ModelException("the model gave no hypothesis", null);
    }
    record Kept(String statement, double confidence, List<String> cited) {}
    var kept = new ArrayList<Kept>();
    int dropped = 0;
    for (var one : raw) {
      var cited = one == null ? List.<String>of() : cited(one.evidence());
      var text = one == null ? "" : text(one.statement());
      if (one == null || cited.isEmpty() || text.isEmpty()) {
        dropped++;
        continue;
      }
      double confidence = one.confidence() == null ? 0.3 : one.confidence();
      confidence = Double.isNaN(confidence) ? 0 : Math.clamp(confidence, 0.0, 1.0);
      kept.add(
          new Kept(
              text, founded(cited) ? confidence : Math.min(confidence, WEAKLY_FOUNDED), cited));
    }
    if (dropped > 0) {
      notes.add(
          dropped == 1
              ? "1 hypothesis without evidence dropped"
              : dropped + " hypotheses without evidence dropped");
    }
    if (kept.isEmpty()) {
      throw new ModelException(
          "the model cited no evidence that exists (" + String.join("; ", notes) + ")", null);
    }
    kept.sort(Comparator.comparingDouble(Kept::confidence).reversed());
    var ranked = new ArrayList<Hypothesis>();
    for (var one : kept.subList(0, Math.min(kept.size(), MOST_HYPOTHESES))) {
      ranked.add(new Hypothesis(ranked.size() + 1, one.statement, one.confidence, one.cited));
    }
    return ranked;
  }

  private List<Suggestion> suggestions(@Nullable List<RawAnswer.@Nullable RawSuggestion> raw) {
    var kept = new ArrayList<Suggestion>();
    int dropped = 0;
    for (var one : raw == null ? List.<RawAnswer.@Nullable RawSuggestion>of() : raw) {
      var cited = one == null ? List.<String>of() : cited(one.evidence());
      var text = one == null ? "" : text(one.text());
      boolean known =
          one != null
              && Arrays.stream(SuggestionKind.values()).anyMatch(k -> k.name().equals(one.kind()));
      if (one == null || one.kind() == null || !known || cited.isEmpty() || text.isEmpty()) {
        dropped++;
      } else if (kept.size() < MOST_SUGGESTIONS) {
        kept.add(new Suggestion(text, one.kind(), cited));
      }
    }
    if (dropped > 0) {
      notes.add(
          dropped
              + (dropped == 1 ? " suggestion" : " suggestions")
              + " of no known kind or without evidence dropped");
    }
    return kept;
  }

  /** The level may be the model's; which services are reached is known, not guessed. */
  private Risk risk(RawAnswer.@Nullable RawRisk raw, Risk computed) {
    if (raw == null
        || raw.level() == null
        || Arrays.stream(RiskLevel.values()).noneMatch(l -> l.name().equals(raw.level()))) {
      return computed;
    }
    var why = text(raw.why());
    return new Risk(raw.level(), computed.blastRadius(), why.isEmpty() ? computed.why() : why);
  }

  private List<String> cited(@Nullable List<@Nullable String> ids) {
    var known = new LinkedHashSet<String>();
    for (var id : ids == null ? List.<@Nullable String>of() : ids) {
      if (id != null && evidence.find(id.strip()).isPresent()) {
        known.add(id.strip());
      }
    }
    return known.stream().limit(MOST_CITED).toList();
  }

  private boolean founded(List<String> cited) {
    return cited.stream()
        .map(evidence::find)
        .flatMap(Optional::stream)
        .anyMatch(evidence::isTelling);
  }

  private static String withoutForm(String text) {
    return LINK.matcher(MARKUP.matcher(text).replaceAll("")).replaceAll("(link removed)");
  }

  private static String text(@Nullable String raw) {
    if (raw == null) {
      return "";
    }
    var before = raw;
    var plain = withoutForm(before);
    // Shorter each time, or without a link more.
    while (!plain.equals(before)) {
      before = plain;
      plain = withoutForm(before);
    }
    return Wording.line(plain, MOST_TEXT);
  }
}
