package dev.watchtower.incident.notification;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a card says about an incident, free of any channel's form.
 *
 * @param since when the first of its signals fired, or it was opened
 * @param impact what is wrong, the worst first, one line each
 * @param cause the likely cause, empty as long as none is known
 * @param repair what the system last did about it, empty for nothing
 * @param lasted from opening to resolution; null while it lasts
 * @param end how it ended, other than by being resolved
 */
public record IncidentCard(
    long number,
    String title,
    IncidentState state,
    Severity severity,
    String service,
    String env,
    Instant since,
    List<String> impact,
    String cause,
    String repair,
    @Nullable String assignee,
    @Nullable Duration lasted,
    End end,
    String link) {
  /**
   * How an incident ended.
   *
   * @param words one phrase; empty while it lasts, and when it was resolved
   * @param goesOn whether what it was about goes on in another incident
   */
  public record End(String words, boolean goesOn) {
    /** It lasts, or it was resolved. */
    public static final End USUAL = new End("", false);

    /** It was no incident. */
    public static final End FALSE_ALARM = new End("closed as a false alarm", false);

    /** Another incident has its signals now. */
    public static End mergedInto(long number) {
      return new End("merged into #" + number, true);
    }

    /** At the beginning of a line. */
    public String headline() {
      return words.isEmpty()
          ? "Resolved"
          : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Behind the state. */
    public String suffix() {
      return words.isEmpty() ? "" : ", " + words;
    }
  }

  public IncidentCard {
    impact = List.copyOf(impact);
  }

  /** The card of an incident as it stands. */
  public static IncidentCard of(
      Incident incident,
      Optional<AnalysisView> analysis,
      String repair,
      End end,
      String publicUrl) {
    var marks = incident.marks();
    var first =
        incident.signals().stream()
            .map(IncidentSignal::firedAt)
            .min(Comparator.naturalOrder())
            .filter(at -> at.isBefore(marks.opened()))
            .orElse(marks.opened());
    return new IncidentCard(
        incident.number(),
        incident.subject().title(),
        incident.state(),
        incident.severity(),
        incident.subject().service(),
        incident.subject().env(),
        first,
        impact(incident),
        analysis.map(IncidentCard::cause).orElse(""),
        repair,
        incident.assignee(),
        marks.resolved() == null ? null : Duration.between(marks.opened(), marks.resolved()),
        end,
        publicUrl + "/incidents/" + incident.id());
  }

  private static List<String> impact(Incident incident) {
    return incident.signals().stream()
        .sorted(
            Comparator.comparing(IncidentSignal::status).thenComparing(IncidentSignal::severity))
        .map(IncidentCard::line)
        .toList();
  }

  private static String line(IncidentSignal signal) {
    var evidence = signal.evidence();
    var measured =
        evidence == null || evidence.value() == null
            ? ""
            : evidence.threshold() == null
                ? " (%s)".formatted(figure(evidence.value()))
                : " (%s, limit %s)"
                    .formatted(figure(evidence.value()), figure(evidence.threshold()));
    var how = signal.status() == SignalStatus.FIRING ? "" : "cleared: ";
    return (signal.flapping() ? "flapping: " : how)
        + (signal.summary().isBlank() ? signal.rule() : signal.summary())
        + measured;
  }

  private static String figure(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.3g", value);
  }

  private static String cause(AnalysisView analysis) {
    var worded =
        analysis.hypotheses().stream()
            .min(Comparator.comparingInt(AnalysisView.Hypothesis::rank))
            .map(h ->
                String.format(Locale.ROOT, "%s (%.0f %%)", h.statement(), h.confidence() * 100));
    return worded.orElseGet(() ->
        analysis.candidates().stream()
            .findFirst()
            .map(c -> "%s: %s".formatted(c.service(), c.signal()))
            .orElse(""));
  }
}
