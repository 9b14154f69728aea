package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the public is told, or may be told, about an incident.
 *
 * @param status {@code investigating}, {@code identified}, {@code monitoring} or {@code resolved}:
 *     Statuspage's words
 * @param body plain text without anything of the inside
 * @param publishedAt when it was published; null for a draft and for what was discarded
 * @param by who wrote it: a person's name, or {@code policy:status-page}
 */
public record StatusUpdate(
    UUID id,
    String status,
    String body,
    State state,
    Instant createdAt,
    @Nullable Instant publishedAt,
    String by) {
  /** What became of it. */
  public enum State {
    DRAFT,
    PUBLISHED,
    DISCARDED
  }
}
