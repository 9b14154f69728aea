package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of an incident.
 *
 * @param source whether a model worded the hypotheses or the statistics stand alone
 * @param degraded why the answer is less than it could be (model absent, slow, wrong; telemetry
 *     missing); null when it is whole
 * @param candidates ranked by statistics, the most suspicious first
 * @param hypotheses each cites evidence of the list; rank 1 is the likeliest
 * @param model the model's name where one was used
 * @param tokens tokens the model used, 0 without one
 * @param millis how long the analysis took
 */
public record AnalysisView(
    UUID id,
    UUID incidentId,
    Status status,
    Source source,
    @Nullable String degraded,
    List<Candidate> candidates,
    List<Hypothesis> hypotheses,
    List<Suggestion> suggestions,
    @Nullable Risk risk,
    List<Evidence> evidence,
    @Nullable String model,
    long tokens,
    long millis,
    Instant createdAt) {

  /** Where the analysis stands. */
  public enum Status {
    RUNNING,
    DONE,
    FAILED
  }

  /** Who worded it. */
  public enum Source {
    LLM,
    STATISTICAL
  }

  /**
   * A suspect.
   *
   * @param score comparable within one analysis only; higher is more suspicious
   * @param evidence ids of {@link AnalysisView#evidence}
   */
  public record Candidate(String service, String signal, double score, List<String> evidence) {}

  /**
   * A possible cause in words.
   *
   * @param confidence 0..1
   */
  public record Hypothesis(int rank, String statement, double confidence, List<String> evidence) {}

  /** What could be done next. {@code kind} is one of CHECK, ROLLBACK, RESTART, SCALE, MITIGATE. */
  public record Suggestion(String text, String kind, List<String> evidence) {}

  /**
   * What is at stake. {@code level} is one of LOW, MEDIUM, HIGH, CRITICAL; {@code blastRadius}
   * names services.
   */
  public record Risk(String level, List<String> blastRadius, String why) {}

  /**
   * Something that was measured.
   *
   * @param kind one of DEVIATION, DEPENDENCY, CHANGE, SIGNAL, MISSING
   */
  public record Evidence(
      String id,
      String kind,
      @Nullable String service,
      @Nullable String metric,
      String summary,
      @Nullable Instant from,
      @Nullable Instant to) {}
}
