package dev.watchtower.analysis.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's answer as it came: nothing in it is believed yet, and everything may be absent. */
public record RawAnswer(
    @Nullable List<@Nullable RawHypothesis> hypotheses,
    @Nullable List<@Nullable RawSuggestion> suggestions,
    @Nullable RawRisk risk) {
  /** A hypothesis as it came. */
  public record RawHypothesis(
      @Nullable String statement,
      @Nullable Double confidence,
      @Nullable List<@Nullable String> evidence) {}

  /** A suggestion as it came. */
  public record RawSuggestion(
      @Nullable String text, @Nullable String kind, @Nullable List<@Nullable String> evidence) {}

  /** A risk as it came. */
  public record RawRisk(
      @Nullable String level, @Nullable List<@Nullable String> blastRadius, @Nullable String why) {}
}
