package dev.watchtower.incident.notification;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One message to one channel, about an incident or to try the channel out.
 *
 * @param seq rises with every notice
 * @param incident null for a message about none
 * @param number the incident's number; 0 for a message about none
 * @param about what it tells of, one phrase
 * @param why why it waits, failed or was skipped
 * @param lastError what went wrong at the last attempt that failed
 * @param attempts how often its delivery was tried
 * @param createdAt since when there is the newest of what it tells of
 * @param dueAt when it is tried next, while it waits for a known time
 * @param messageId the channel's id of the message
 * @param mayHaveArrived whether an attempt ended without an answer that says what became of it
 */
public record Notice(
    UUID id,
    long seq,
    @Nullable UUID incident,
    long number,
    String channel,
    Kind kind,
    String about,
    State state,
    @Nullable String why,
    @Nullable String lastError,
    int attempts,
    Instant createdAt,
    @Nullable Instant dueAt,
    @Nullable Instant doneAt,
    @Nullable String messageId,
    boolean mayHaveArrived) {

  /** Stands for a channel where no route takes an incident; no channel can have such a name. */
  public static final String NO_ROUTE = "no route";

  /** A message about no incident that waits. */
  public static Notice test(UUID id, String channel, String about, Instant now) {
    return new Notice(
        id,
        0,
        null,
        0,
        channel,
        Kind.TEST,
        about,
        State.WAITING,
        null,
        null,
        0,
        now,
        null,
        null,
        null,
        false);
  }

  /** The same, to which nothing more happens. */
  public Notice settled(State to, @Nullable String because, @Nullable String message, Instant at) {
    return new Notice(
        id,
        seq,
        incident,
        number,
        channel,
        kind,
        about,
        to,
        because,
        to == State.FAILED ? because : lastError,
        to == State.SKIPPED ? 0 : attempts + 1,
        createdAt,
        null,
        at,
        message,
        mayHaveArrived);
  }

  /** The same, of which nobody knows whether the channel has it. */
  public Notice inDoubt() {
    return new Notice(
        id, seq, incident, number, channel, kind, about, state, why, lastError, attempts, createdAt,
        dueAt, doneAt, messageId, true);
  }

  /** Why it ends without being sent, and that it may have arrived all the same if that is so. */
  public String ending(String because) {
    return mayHaveArrived ? because + "; an earlier attempt may have arrived" : because;
  }

  /** What kind of message. */
  public enum Kind {
    /** The incident's live card is posted. */
    OPENED,
    /** The card shows the newest state. */
    EDIT,
    /** A new message that it is over. */
    RESOLVED,
    /** A new message that nobody has taken it up. */
    ESCALATION,
    /** A new message that it is worse or other than was told, or back. */
    WORSE,
    /** A message that says that messages arrive. */
    TEST
  }

  /** Where it stands. */
  public enum State {
    WAITING,
    SENDING,
    SENT,
    FAILED,
    SKIPPED,
    /** A person said that it is not to be sent. */
    DROPPED;

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
      return this != WAITING && this != SENDING;
    }
  }
}
