package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person said of an analysis, as analysis-service tells it.
 *
 * @param rank the hypothesis it is about; null: the analysis as a whole
 * @param statement that hypothesis in words; null where there is none
 */
public record CauseVerdict(
    UUID analysisId,
    Verdict verdict,
    @Nullable Integer rank,
    @Nullable String statement,
    @Nullable String comment,
    Actor actor,
    Instant createdAt) {
  /** Right or wrong. */
  public enum Verdict {
    CONFIRMED,
    WRONG
  }
}
