package dev.watchtower.incident.analysis;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;

/** Takes analyses, each once, and puts them onto the incident's timeline. Thread-safe. */
public final class AnalysisDesk {
  /** What became of an analysis. */
  public enum Taken {
    STORED,
    REPEATED,
    UNKNOWN_INCIDENT
  }

  private final Analyses analyses;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Function<AnalysisView, Map<String, Object>> asData;

  /**
   * A desk.
   *
   * @param asData the analysis as JSON values
   */
  public AnalysisDesk(
      Analyses analyses,
      IncidentBook book,
      Transactions transactions,
      Function<AnalysisView, Map<String, Object>> asData) {
    this.analyses = analyses;
    this.book = book;
    this.transactions = transactions;
    this.asData = asData;
  }

  /** Takes an analysis; also of a resolved incident. Taking the same one again does nothing. */
  public Taken take(AnalysisView analysis, Actor sender, Instant now) {
    return transactions.retrying(() -> {
      if (book.incidents().lock(analysis.incidentId()).isEmpty()) {
        return Taken.UNKNOWN_INCIDENT;
      }
      if (!analyses.add(analysis, now)) {
        return Taken.REPEATED;
      }
      book.note(
          analysis.incidentId(),
          new Draft(now, TimelineKind.ANALYSIS, sender, summary(analysis), asData.apply(analysis)));
      return Taken.STORED;
    });
  }

  /** The analysis in one sentence. */
  static String summary(AnalysisView analysis) {
    var cause =
        analysis.hypotheses().stream()
            .min(Comparator.comparingInt(AnalysisView.Hypothesis::rank))
            .map(h -> "Likely cause: " + h.statement())
            .orElseGet(() ->
                analysis.candidates().stream()
                    .findFirst()
                    .map(c -> "Most suspicious: %s of %s".formatted(c.signal(), c.service()))
                    .orElse("No likely cause found"));
    return analysis.degraded() == null ? cause : cause + " (" + analysis.degraded() + ")";
  }
}
