package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.timeline.Outline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words the draft of a postmortem from what was recorded: figures and facts, no guesses. Pure. */
public final class DraftText {
  private static final int MAX_SUGGESTIONS = 5;
  private static final int MAX_SIGNALS = 100;
  private static final int MAX_FACTS = 20;

  /** So many from each end of those in which one signal fired. */
  private static final int MAX_SPELLS = 3;

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Incident incident;
  private final Outline outline;
  private final List<TimelineEntry> timeline;
  private final Optional<AnalysisView> analysis;
  private final Impact measured;
  private final Verdicts verdicts;

  DraftText(
      Incident incident,
      Outline outline,
      Optional<AnalysisView> analysis,
      Impact measured,
      Verdicts verdicts) {
    this.measured = measured;
    this.verdicts = verdicts;
    this.incident = incident;
    this.outline = outline;
    this.timeline = outline.entries();
    this.analysis = analysis;
  }

  Map<Section, String> sections() {
    var sections = new EnumMap<Section, String>(Section.class);
    sections.put(Section.SUMMARY, summary());
    sections.put(Section.IMPACT, impact());
    sections.put(Section.TIMELINE, TimelineText.of(outline));
    sections.put(Section.CAUSES, CauseText.of(analysis, verdicts));
    sections.put(Section.WENT_WELL, listed(wentWell(), "Nothing was recorded."));
    sections.put(Section.WENT_BADLY, listed(wentBadly(), "Nothing was recorded."));
    return sections;
  }

  /**
   * What the analysis suggests to do, for the list of action items; nothing of what was merged: the
   * incident that it goes on in has an analysis of its own.
   */
  List<String> suggestions() {
    if (merge().isPresent()) {
      return List.of();
    }
    return analysis.map(AnalysisView::suggestions).orElse(List.of()).stream()
        .filter(s -> !s.kind().equals("CHECK"))
        .map(s -> plain(s.text()))
        .distinct()
        .limit(MAX_SUGGESTIONS)
        .toList();
  }

  private String summary() {
    var marks = incident.marks();
    var subject = incident.subject();
    var lines = new ArrayList<String>();
    lines.add(
        "#%d, %s, %s (%s): %s"
            .formatted(
                incident.number(),
                incident.severity(),
                subject.service(),
                subject.env(),
                plain(subject.title())));
    var end =
        marks.resolved() == null ? "" : " and was resolved at " + TIME.format(marks.resolved());
    lines.add("It was opened at %s%s.".formatted(TIME.format(marks.opened()), end));
    lines.add(
        "From the opening: %s, %s, %s."
            .formatted(
                marks.acknowledged() == null
                    ? "acknowledged by nobody"
                    : "acknowledged " + since(marks.acknowledged()),
                marks.mitigated() == null
                    ? "not mitigated"
                    : "mitigated " + since(marks.mitigated()),
                marks.resolved() == null ? "not resolved" : "resolved " + since(marks.resolved())));
    merge()
        .ifPresentOrElse(
            how -> lines.add("It goes on in another incident: " + how),
            () ->
                dismissal()
                    .ifPresent(why -> lines.add("It was dismissed as a false alarm: " + why)));
    return String.join("\n\n", lines);
  }

  private Optional<String> merge() {
    return comment(e -> e.data().containsKey(Merger.MERGED_INTO));
  }

  private Optional<String> dismissal() {
    return comment(e -> "DISMISS".equals(e.data().get("event")));
  }

  private Optional<String> comment(Predicate<TimelineEntry> ends) {
    return timeline.stream()
        .filter(ends)
        .map(e -> plain(String.valueOf(e.data().getOrDefault("comment", ""))))
        .findFirst();
  }

  private String impact() {
    var paragraphs = new ArrayList<String>();
    paragraphs.add(
        incident.signals().isEmpty()
            ? "No signal fired: it was declared by hand."
            : incident.signals().stream()
                .sorted(Comparator.comparing(IncidentSignal::severity))
                .limit(MAX_SIGNALS)
                .map(this::line)
                .collect(Collectors.joining("\n")));
    if (incident.signals().size() > MAX_SIGNALS) {
      paragraphs.add("… and %d signals more.".formatted(incident.signals().size() - MAX_SIGNALS));
    }
    paragraphs.addAll(ImpactText.paragraphs(incident.subject().service(), measured));
    return String.join("\n\n", paragraphs);
  }

  private String line(IncidentSignal signal) {
    var spells = Spell.of(outline.firings().getOrDefault(signal.fingerprint(), List.of()), signal);
    return "- %s on %s (%s): %s%s. %s"
        .formatted(
            plain(signal.rule()),
            plain(signal.service()),
            signal.severity(),
            plain(signal.summary()),
            measured(signal),
            worded(spells));
  }

  private static String worded(List<Spell> spells) {
    var words = new ArrayList<String>();
    int left = spells.size() - 2 * MAX_SPELLS;
    for (int i = 0; i < spells.size(); i++) {
      if (left > 0 && i == MAX_SPELLS) {
        words.add("Fired %d times more in between.".formatted(left));
        i += left;
      }
      words.add((i == 0 ? "Fired at " : "Fired again at ") + worded(spells.get(i)));
    }
    return String.join(" ", words);
  }

  private static String worded(Spell spell) {
    var from = TIME.format(spell.from());
    var to = spell.to();
    return to == null
        ? "%s; not cleared.".formatted(from)
        : "%s; %s%s, until %s."
            .formatted(
                from,
                words(spell.from(), to),
                spell.broken() ? " on and off" : "",
                TIME.format(to));
  }

  private String measured(IncidentSignal signal) {
    var worst = Optional.ofNullable(outline.worst().get(signal.fingerprint()));
    var evidence = signal.evidence();
    var limit = evidence == null ? null : evidence.threshold();
    return worst
        .map(v ->
            limit == null
                ? " (%s)".formatted(figure(v))
                : " (%s, limit %s)".formatted(figure(v), figure(limit)))
        .orElse("");
  }

  private List<String> wentWell() {
    var facts = new ArrayList<String>();
    var began = incident.marks().began();
    if (began != null) {
      facts.add(
          "It was detected %s after it began.".formatted(words(began, incident.marks().opened())));
    }
    results("SENT")
        .findFirst()
        .ifPresent(e ->
            facts.add(
                "People were told %s after it was opened."
                    .formatted(words(incident.marks().opened(), e.ts()))));
    outcomes("SUCCEEDED").forEach(e -> facts.add("A repair helped: " + plain(e.summary())));
    return facts;
  }

  private List<String> wentBadly() {
    var facts = new ArrayList<String>();
    if (incident.marks().acknowledged() == null && merge().isEmpty()) {
      facts.add("Nobody acknowledged it.");
    }
    long relapses = timeline.stream().filter(e -> "REGRESS".equals(e.data().get("event"))).count();
    if (relapses > 0) {
      facts.add("It came back %d time%s.".formatted(relapses, relapses == 1 ? "" : "s"));
    }
    if (incident.subject().recurrenceOf() != null) {
      facts.add("It had happened before: this is a recurrence.");
    }
    outcomes("FAILED").forEach(e -> facts.add("A repair failed: " + plain(e.summary())));
    results("FAILED").forEach(e -> facts.add(plain(e.summary()) + "."));
    results("NOBODY").forEach(e -> facts.add(plain(e.summary()) + "."));
    results("MUTED").forEach(e -> facts.add(plain(e.summary()) + "."));
    return facts;
  }

  private Stream<TimelineEntry> outcomes(String outcome) {
    return timeline.stream()
        .filter(e -> e.kind() == TimelineKind.REMEDIATION)
        .filter(e -> outcome.equals(e.data().get("outcome")));
  }

  private Stream<TimelineEntry> results(String result) {
    return timeline.stream()
        .filter(e -> e.kind() == TimelineKind.NOTIFICATION || e.kind() == TimelineKind.ESCALATION)
        .filter(e -> result.equals(e.data().get("result")));
  }

  private static String listed(List<String> facts, String none) {
    return facts.isEmpty()
        ? none
        : facts.stream().limit(MAX_FACTS).map(f -> "- " + f).collect(Collectors.joining("\n"))
            + (facts.size() > MAX_FACTS
                ? "\n- … %d more in the incident's timeline".formatted(facts.size() - MAX_FACTS)
                : "");
  }

  private String since(Instant at) {
    return "after " + words(incident.marks().opened(), at);
  }

  private static String words(Instant from, Instant to) {
    var length = Duration.between(from, to);
    if (length.isNegative()) {
      length = Duration.ZERO;
    }
    if (length.toMinutes() < 1) {
      return length.toSeconds() + " s";
    }
    return length.toHours() < 1
        ? "%d min %d s".formatted(length.toMinutes(), length.toSecondsPart())
        : "%d h %d min".formatted(length.toHours(), length.toMinutesPart());
  }

  static String figure(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 1 ? "%.2f" : "%.3g", value);
  }

  /** Text from telemetry as one line that cannot be taken for markup, links or images. */
  public static String plain(String text) {
    var plain = new StringBuilder(text.length() + 16);
    text.strip()
        .codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c)
              || Character.getType(c) == Character.LINE_SEPARATOR
              || Character.getType(c) == Character.PARAGRAPH_SEPARATOR) {
            plain.append(' ');
          } else if (Character.getType(c) != Character.FORMAT) {
            if ("\\`*_[]<>|#!".indexOf(c) >= 0) {
              plain.append('\\');
            }
            plain.appendCodePoint(c);
          }
        });
    return plain.toString();
  }
}
