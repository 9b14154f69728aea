package dev.watchtower.incident.postmortem;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done so that it does not happen again.
 *
 * @param seq rises with every item
 * @param number the incident's number
 * @param owner who does it; null for nobody yet
 * @param closedAt when it was done or dropped
 */
public record ActionItem(
    UUID id,
    long seq,
    UUID incident,
    long number,
    String text,
    @Nullable String owner,
    @Nullable LocalDate due,
    State state,
    Instant createdAt,
    String createdBy,
    @Nullable Instant closedAt) {
  /** The longest text, in characters. */
  public static final int MAX_TEXT = 2000;

  /** The most items of one incident. */
  public static final int MAX_ITEMS = 100;

  /** Where it stands. */
  public enum State {
    OPEN,
    DONE,
    DROPPED
  }
}
