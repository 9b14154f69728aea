package dev.watchtower.analysis.report;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.evidence.Facts;
import dev.watchtower.analysis.evidence.Wording;
import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.common.wire.AnalysisView.Hypothesis;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Words a ranking without any model: what each of the first suspects shows, whether what it calls
 * explains it, and what was changed just before.
 */
public final class StatisticalReport {
  private static final int MOST = 3;

  /** A change this long before the onset is worth naming as its likely trigger. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  /** Clocks of senders differ a little. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

  /** Statistics alone are never surer than this. */
  private static final double MOST_SURE = 0.9;

  /** Scores that differ by this much differ clearly. */
  private static final double SPREAD = 1.5;

  /** A score from which on the evidence is as strong as it gets. */
  private static final double STRONG = 5;

  private StatisticalReport() {}

  /** The report on the suspects, who are ranked, from the evidence. */
  public static Findings write(List<Suspect> suspects, EvidenceList evidence, Surroundings around) {
    var hypotheses =
        suspects.isEmpty() ? withoutSuspects(evidence) : hypotheses(suspects, evidence);
    return new Findings(
        hypotheses,
        Suggestions.of(suspects, evidence, around),
        around.risk(suspects, evidence.facts()));
  }

  private static List<Hypothesis> hypotheses(List<Suspect> suspects, EvidenceList evidence) {
    double best = suspects.getFirst().score();
    double sum = suspects.stream().mapToDouble(s -> Math.exp((s.score() - best) / SPREAD)).sum();
    double strength = Math.min(1, best / STRONG) * (evidence.facts().missing().isEmpty() ? 1 : 0.8);
    var all = new ArrayList<Hypothesis>();
    for (var suspect : suspects) {
      double share = Math.exp((suspect.score() - best) / SPREAD) / sum;
      var trigger = trigger(suspect, evidence.facts());
      double confidence =
          Math.min(MOST_SURE, share * strength * MOST_SURE + (trigger.isPresent() ? 0.1 : 0));
      // The first is always said, however unsure; the others only when they are worth a look.
      if (all.isEmpty() || (confidence >= 0.05 && all.size() < MOST)) {
        all.add(hypothesis(all.size() + 1, suspect, trigger, confidence, evidence));
      }
    }
    return all;
  }

  private static Hypothesis hypothesis(
      int rank,
      Suspect suspect,
      Optional<ChangeEvent> trigger,
      double confidence,
      EvidenceList evidence) {
    var ids = new LinkedHashSet<String>();
    var facts = evidence.facts();
    suspect.deviations().stream().limit(3).forEach(d -> ids.add(evidence.idOf(d)));
    facts.signals().stream()
        .filter(s -> s.service().equals(suspect.service()))
        .forEach(s -> ids.add(evidence.idOf(s)));
    var text = new StringBuilder(cause(suspect));
    var harmed = harmed(suspect, facts);
    if (!harmed.isEmpty()) {
      text.append(" What calls it suffers: ").append(String.join(", ", harmed)).append('.');
      facts.graph().edges().stream()
          .filter(e -> e.callee().equals(suspect.service()) && harmed.contains(e.caller()))
          .forEach(e -> ids.add(evidence.idOf(e)));
    }
    if (!suspect.explainedBy().isEmpty()) {
      text.append(" It may only follow from ")
          .append(String.join(", ", suspect.explainedBy()))
          .append(", which it calls.");
    }
    trigger.ifPresent(change -> {
      text.append(' ').append(began(suspect, change));
      ids.add(evidence.idOf(change));
    });
    return new Hypothesis(
        rank, text.toString(), Math.round(confidence * 100) / 100.0, List.copyOf(ids));
  }

  private static String cause(Suspect suspect) {
    var main = suspect.main();
    var what = Wording.deviation(main);
    if (main.isGone()) {
      return what;
    }
    if (!main.isUsualKnown()) {
      return what + " What is usual for it is not known.";
    }
    if (main.isAboutCalls() && !main.service().equals(suspect.service())) {
      return seenByCallers(suspect, main, what);
    }
    return switch (main.type()) {
      case ERRORS, AVAILABILITY -> "%s itself fails: %s".formatted(suspect.service(), lower(what));
      case LATENCY -> "%s itself is slow: %s".formatted(suspect.service(), lower(what));
      case NETWORK ->
          "The way to %s is slow, or it takes up requests late: %s"
              .formatted(suspect.service(), lower(what));
      case CPU -> "%s runs short of CPU: %s".formatted(suspect.service(), lower(what));
      case MEMORY -> "%s runs short of memory: %s".formatted(suspect.service(), lower(what));
      case SATURATION ->
          "%s waits for something it shares: %s".formatted(suspect.service(), lower(what));
      case TRAFFIC -> "The load on %s changed: %s".formatted(suspect.service(), lower(what));
      case OTHER -> "%s behaves unusually: %s".formatted(suspect.service(), lower(what));
    };
  }

  /** What shows at the callers only is the connection between, or what no metric here covers. */
  private static String seenByCallers(Suspect suspect, Deviation main, String what) {
    boolean quiet =
        suspect.deviations().stream().noneMatch(d -> d.service().equals(suspect.service()));
    return "Calls to %s go wrong as %s sees them: %s%s"
        .formatted(
            suspect.service(),
            main.service(),
            lower(what),
            quiet
                ? " %s itself shows nothing unusual, so the connection to it may be the cause."
                    .formatted(suspect.service())
                : "");
  }

  private static String lower(String sentence) {
    return Character.isUpperCase(sentence.charAt(0)) && !sentence.startsWith("CPU")
        ? Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1)
        : sentence;
  }

  private static List<String> harmed(Suspect suspect, Facts facts) {
    Set<String> above = Set.copyOf(facts.graph().above(suspect.service()));
    return facts.deviations().stream()
        .filter(d -> above.contains(d.service()) && d.type().isSymptom())
        .map(Deviation::service)
        .distinct()
        .toList();
  }

  /** The latest change of the suspect shortly before it went wrong. */
  static Optional<ChangeEvent> trigger(Suspect suspect, Facts facts) {
    return facts.changes().stream()
        .filter(c -> suspect.service().equals(c.service()))
        .filter(c -> precedes(c, onset(suspect)))
        .findFirst();
  }

  private static Instant onset(Suspect suspect) {
    return suspect.deviations().stream()
        .map(Deviation::onset)
        .min(Instant::compareTo)
        .orElse(suspect.main().onset());
  }

  private static boolean precedes(ChangeEvent change, Instant onset) {
    return !change.time().isAfter(onset.plus(CLOCK_SKEW))
        && change.time().isAfter(onset.minus(RECENT));
  }

  private static String began(Suspect suspect, ChangeEvent change) {
    long seconds = Math.max(0, Duration.between(change.time(), onset(suspect)).toSeconds());
    return "It began %d s after this change: %s at %s."
        .formatted(
            seconds,
            Wording.kind(change).toLowerCase(java.util.Locale.ROOT),
            Wording.clock(change.time()));
  }

  /**
   * Nothing left its usual range, or all that did was over before, or nothing could be measured:
   * say so, citing what fired.
   */
  private static List<Hypothesis> withoutSuspects(EvidenceList evidence) {
    var facts = evidence.facts();
    var firing = facts.signals().stream().filter(s -> s.status() == SignalStatus.FIRING).toList();
    var cited = firing.isEmpty() ? facts.signals() : firing;
    if (cited.isEmpty()) {
      return List.of();
    }
    var first = cited.getFirst();
    return List.of(
        new Hypothesis(
            1,
            "%s is affected (%s), but no series %s in what could be measured: the cause is not clear yet."
                .formatted(
                    first.service(),
                    Wording.line(first.rule(), 80),
                    facts.past().isEmpty()
                        ? "left its usual range"
                        : "has been out of its usual range since"),
            0.1,
            Stream.concat(
                    cited.stream().map(evidence::idOf),
                    facts.past().stream().limit(3).map(evidence::idOf))
                .toList()));
  }

  /** The direct calls towards the suspect, for citing. */
  static List<CallGraph.Edge> callsTo(Suspect suspect, Facts facts) {
    return facts.graph().edges().stream()
        .filter(e -> e.callee().equals(suspect.service()))
        .toList();
  }

  /** Whether the suspect's traffic rose. */
  static boolean busier(Suspect suspect) {
    return suspect.deviations().stream().anyMatch(d -> d.type() == SignalType.TRAFFIC && d.up());
  }
}
