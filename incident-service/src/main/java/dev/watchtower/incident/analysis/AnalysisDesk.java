package dev.watchtower.incident.analysis;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Takes analyses, each once, and puts them onto the incident's timeline. An incident whose first
 * suspect is a service that its own one calls, and that fires in it, is about that one from then
 * on. Thread-safe.
 */
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
  private final BiPredicate<String, String> depends;
  private final Function<AnalysisView, Map<String, Object>> asData;

  /**
   * A desk.
   *
   * @param depends whether the first service calls the second, directly or through others
   * @param asData the analysis as JSON values
   */
  public AnalysisDesk(
      Analyses analyses,
      IncidentBook book,
      Transactions transactions,
      BiPredicate<String, String> depends,
      Function<AnalysisView, Map<String, Object>> asData) {
    this.analyses = analyses;
    this.book = book;
    this.transactions = transactions;
    this.depends = depends;
    this.asData = asData;
  }

  /** Takes an analysis; also of a resolved incident. Taking the same one again does nothing. */
  public Taken take(AnalysisView analysis, Actor sender, Instant now) {
    return transactions.retrying(() -> {
      var incident = book.incidents().lock(analysis.incidentId()).orElse(null);
      if (incident == null) {
        return Taken.UNKNOWN_INCIDENT;
      }
      if (!analyses.add(analysis, now)) {
        return Taken.REPEATED;
      }
      var entry =
          new Draft(now, TimelineKind.ANALYSIS, sender, summary(analysis), asData.apply(analysis));
      var culprit = culprit(incident, analysis).orElse(null);
      if (culprit == null) {
        book.note(incident.id(), entry);
      } else {
        book.save(
            incident,
            incident.about(
                Subject.titleOf(culprit.service(), culprit.rule(), culprit.summary()),
                culprit.service()),
            List.of(entry, moved(incident, culprit, now)),
            Cause.NONE);
      }
      return Taken.STORED;
    });
  }

  // Only by what the statistics say, never by a model's words, and only down the calls: a caller
  // that is hit harder than the service it calls is no reason to look at the caller first. A
  // suspect
  // that has an incident of its own keeps it: a service has one.
  private Optional<IncidentSignal> culprit(Incident incident, AnalysisView analysis) {
    var service = incident.subject().service();
    if (incident.isResolved() || analysis.candidates().isEmpty()) {
      return Optional.empty();
    }
    var suspect = analysis.candidates().getFirst().service();
    return depends.test(service, suspect)
            && !depends.test(suspect, service)
            && book.incidents().unresolvedOf(List.of(suspect), incident.subject().env()).isEmpty()
        ? incident.signals().stream()
            .filter(signal -> signal.service().equals(suspect))
            .filter(signal -> signal.status() == SignalStatus.FIRING)
            .min(
                Comparator.comparing(IncidentSignal::severity)
                    .thenComparing(IncidentSignal::firedAt))
        : Optional.empty();
  }

  private static Draft moved(Incident incident, IncidentSignal culprit, Instant now) {
    var before = incident.subject().service();
    return new Draft(
        now,
        TimelineKind.ANNOTATION,
        Actor.policy("correlation"),
        "from now on about %s: the analysis suspects it first, and %s depends on it"
            .formatted(culprit.service(), before),
        Map.of("correlated", true, "service", culprit.service(), "previousService", before));
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
