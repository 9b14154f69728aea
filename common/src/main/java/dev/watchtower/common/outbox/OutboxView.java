package dev.watchtower.common.outbox;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a topic.
 *
 * @param waiting messages not delivered yet
 * @param dead dead letters
 * @param oldest when the oldest of the waiting was written, if any
 * @param rows the oldest waiting and dead ones, at most 100
 */
public record OutboxView(long waiting, long dead, @Nullable Instant oldest, List<Row> rows) {
  public OutboxView {
    rows = List.copyOf(rows);
  }

  /**
   * A message that is not delivered.
   *
   * @param state {@code WAITING} or {@code DEAD}
   * @param attempt how many attempts were made
   * @param dueAt when the next one is due
   * @param lastError why the last one failed, if one did
   */
  public record Row(
      UUID id,
      String topic,
      String key,
      String state,
      int attempt,
      Instant dueAt,
      Instant createdAt,
      @Nullable String lastError) {}
}
