package dev.watchtower.analysis.run;

import dev.watchtower.common.wire.Actor;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person says of an analysis.
 *
 * @param rank the hypothesis it is about; absent: all of it
 */
public record Feedback(
    UUID id,
    UUID analysisId,
    Verdict verdict,
    @Nullable Integer rank,
    @Nullable String comment,
    Actor actor,
    Instant createdAt) {
  /** Right or wrong. */
  public enum Verdict {
    CONFIRMED,
    WRONG
  }
}
