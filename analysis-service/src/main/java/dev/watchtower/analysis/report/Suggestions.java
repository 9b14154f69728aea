package dev.watchtower.analysis.report;

import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.evidence.Wording;
import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.SignalType;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.common.wire.AnalysisView.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** What to do next, by what the first suspect shows. Every suggestion is for a person to decide. */
final class Suggestions {
  private static final int MOST = 5;

  private Suggestions() {}

  static List<Suggestion> of(List<Suspect> suspects, EvidenceList evidence, Surroundings around) {
    if (suspects.isEmpty()) {
      return whenNothingShows(evidence, around);
    }
    var suspect = suspects.getFirst();
    var name = suspect.service();
    var main = suspect.main();
    var cited = List.of(evidence.idOf(main));
    var all = new ArrayList<Suggestion>();
    StatisticalReport.trigger(suspect, evidence.facts())
        .filter(c -> Wording.kind(c).equals("Deployment"))
        .ifPresent(c ->
            all.add(
                suggestion(
                    SuggestionKind.ROLLBACK,
                    "Roll back the deployment of "
                        + name
                        + " of "
                        + Wording.clock(c.time())
                        + " if the trouble began with it.",
                    List.of(evidence.idOf(c), evidence.idOf(main)))));
    if (main.isGone()) {
      all.add(
          suggestion(
              SuggestionKind.RESTART,
              "Start " + name + " again and look at its last log lines for why it ended.",
              cited));
    } else if (main.type() == SignalType.CPU || main.type() == SignalType.MEMORY) {
      boolean busier = StatisticalReport.busier(suspect);
      all.add(
          busier
              ? suggestion(
                  SuggestionKind.SCALE,
                  "Give " + name + " more room: it does more work than usual.",
                  cited)
              : suggestion(
                  SuggestionKind.RESTART,
                  "If " + name + " does not recover, restart it: it is busier without more work.",
                  cited));
    } else if (main.type() == SignalType.TRAFFIC && main.up()) {
      all.add(
          suggestion(
              SuggestionKind.SCALE, "Give " + name + " more room, or limit who calls it.", cited));
    } else if (main.type() == SignalType.NETWORK) {
      all.add(
          suggestion(
              SuggestionKind.CHECK,
              "Check the network, proxies and accept queue between "
                  + name
                  + " and those that call it.",
              cited));
    } else if (main.type() == SignalType.SATURATION) {
      all.add(
          suggestion(
              SuggestionKind.CHECK,
              "Check what " + name + " waits for: its connection pool and its database.",
              cited));
    } else {
      all.add(
          suggestion(
              SuggestionKind.CHECK,
              "Read the error lines of "
                  + name
                  + " since "
                  + Wording.clock(main.onset())
                  + ", and check its database and what else it needs.",
              cited));
    }
    all.addAll(shared(suspect, evidence, around, cited));
    return all.stream().limit(MOST).toList();
  }

  private static List<Suggestion> shared(
      Suspect suspect, EvidenceList evidence, Surroundings around, List<String> cited) {
    var all = new ArrayList<Suggestion>();
    var name = suspect.service();
    var calls = StatisticalReport.callsTo(suspect, evidence.facts());
    if (!calls.isEmpty()) {
      all.add(
          suggestion(
              SuggestionKind.MITIGATE,
              "Until "
                  + name
                  + " is well, let "
                  + String.join(", ", calls.stream().map(CallGraph.Edge::caller).toList())
                  + " do without it where it can.",
              calls.stream().map(evidence::idOf).toList()));
    }
    around
        .runbook(name)
        .ifPresent(link ->
            all.add(
                suggestion(
                    SuggestionKind.CHECK, "Follow the runbook of " + name + ": " + link, cited)));
    return all;
  }

  private static List<Suggestion> whenNothingShows(EvidenceList evidence, Surroundings around) {
    var service = evidence.facts().incident().service();
    var cited = evidence.facts().signals().stream().map(evidence::idOf).toList();
    if (cited.isEmpty()) {
      return List.of();
    }
    return around
        .runbook(service)
        .map(link ->
            List.of(
                suggestion(
                    SuggestionKind.CHECK, "Follow the runbook of " + service + ": " + link, cited)))
        .orElse(List.of());
  }

  private static Suggestion suggestion(SuggestionKind kind, String text, List<String> evidence) {
    return new Suggestion(Wording.line(text, 400), kind.name(), evidence);
  }
}
