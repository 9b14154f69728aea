package dev.watchtower.analysis.run;

import dev.watchtower.analysis.evidence.EvidenceCollector;
import dev.watchtower.analysis.evidence.EvidenceList;
import dev.watchtower.analysis.evidence.Facts;
import dev.watchtower.analysis.model.Interpreter;
import dev.watchtower.analysis.ranking.Ranker;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.analysis.report.StatisticalReport;
import dev.watchtower.analysis.report.Surroundings;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.AnalysisView.Candidate;
import dev.watchtower.common.wire.IncidentView;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes one analysis: evidence, ranking, words. Safe for several threads. */
public final class Analyst {
  private static final int MOST_CANDIDATES = 10;

  /** A score from which on the first suspect is not there by chance. */
  private static final double CLEAR = 4;

  /** A lead that the next seconds hardly turn around. */
  private static final double CLEAR_LEAD = 1;

  private final EvidenceCollector collector;
  private final Ranker ranker;
  private final Interpreter interpreter;
  private final Clock clock;
  private final Duration evidenceLimit;

  /**
   * @param evidenceLimit the longest that collecting may take; a third of the deadline at most
   */
  public Analyst(
      EvidenceCollector collector,
      Ranker ranker,
      Interpreter interpreter,
      Clock clock,
      Duration evidenceLimit) {
    this.collector = collector;
    this.ranker = ranker;
    this.interpreter = interpreter;
    this.clock = clock;
    this.evidenceLimit = evidenceLimit;
  }

  /**
   * What came of it.
   *
   * @param thin whether so little was to be seen, or so little told the suspects apart, that a
   *     second look is worth it
   */
  public record Result(AnalysisView view, boolean thin) {}

  /**
   * The analysis of the incident; within {@code left} even if every source and the model hang.
   * Evidence gets its time even where less is left, because other incidents were in front: an
   * analysis without evidence is worth nothing, one without a model is.
   */
  public Result analyse(Work work, IncidentView incident, Catalog catalog, Duration left) {
    long began = System.nanoTime();
    var third = catalog.analysis().deadline().dividedBy(3);
    var facts =
        collector.collect(
            incident,
            work.request().changedAt(),
            catalog,
            clock.instant(),
            third.compareTo(evidenceLimit) < 0 ? third : evidenceLimit);
    var suspects = ranker.rank(facts.deviations(), facts.hints(), facts.graph());
    var evidence = new EvidenceList(facts);
    var statistical = StatisticalReport.write(suspects, evidence, new Surroundings(catalog));
    var elapsed = Duration.ofNanos(System.nanoTime() - began);
    var interpretation =
        interpreter.interpret(
            evidence,
            suspects,
            statistical,
            names(catalog),
            left.minus(reserve(left)).minus(elapsed));
    return new Result(
        new AnalysisView(
            work.id(),
            incident.id(),
            AnalysisView.Status.DONE,
            interpretation.worded() ? AnalysisView.Source.LLM : AnalysisView.Source.STATISTICAL,
            degraded(interpretation.degraded(), facts),
            candidates(suspects, evidence),
            interpretation.findings().hypotheses(),
            interpretation.findings().suggestions(),
            interpretation.findings().risk(),
            evidence.items(),
            interpretation.model(),
            interpretation.tokens(),
            Duration.ofNanos(System.nanoTime() - began).toMillis(),
            work.createdAt()),
        facts.isThin() || isUnclear(suspects) || pointsUp(suspects, facts));
  }

  /** Whether a caller is suspected of what its callee shows: rare, and often only first to show. */
  private static boolean pointsUp(List<Suspect> suspects, Facts facts) {
    return !suspects.isEmpty()
        && facts.graph().above(facts.incident().service()).contains(suspects.getFirst().service());
  }

  /** Whether a few more seconds of telemetry may well change who comes first. */
  private static boolean isUnclear(List<Suspect> suspects) {
    if (suspects.isEmpty() || suspects.getFirst().score() < CLEAR) {
      return true;
    }
    return suspects.size() > 1
        && suspects.getFirst().score() - suspects.get(1).score() < CLEAR_LEAD;
  }

  /** The names that whoever runs this has given. */
  private static Set<String> names(Catalog catalog) {
    return Stream.concat(
            catalog.services().stream().map(Catalog.Service::name),
            catalog.rules().stream().map(Catalog.Rule::name))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Time kept back for storing the result: a tenth of the deadline, half a second at most. */
  private static Duration reserve(Duration left) {
    var tenth = left.dividedBy(10);
    var most = Duration.ofMillis(500);
    return tenth.compareTo(most) < 0 ? tenth : most;
  }

  private static List<Candidate> candidates(List<Suspect> suspects, EvidenceList evidence) {
    return suspects.stream()
        .limit(MOST_CANDIDATES)
        .map(s ->
            new Candidate(
                s.service(),
                s.main().metric(),
                Math.round(s.score() * 1000) / 1000.0,
                s.deviations().stream().limit(5).map(evidence::idOf).toList()))
        .toList();
  }

  private static @Nullable String degraded(@Nullable String ofModel, Facts facts) {
    var missing =
        facts.missing().isEmpty()
            ? null
            : "evidence missing: " + String.join(" ", facts.missing().stream().limit(5).toList());
    var all = Stream.of(ofModel, missing).filter(s -> s != null).toList();
    return all.isEmpty() ? null : String.join("; ", all);
  }
}
