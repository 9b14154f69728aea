package dev.watchtower.common.outbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an attempt to deliver went. */
public sealed interface Outcome {
  /** The receiver has it. */
  record Delivered() implements Outcome {}

  /**
   * Not now; later rows of the key wait.
   *
   * @param reason for people
   * @param after when to try again; null for the back-off (1 s doubling to 60 s)
   */
  record Retry(String reason, @Nullable Duration after) implements Outcome {}

  /**
   * Not now, because the receiver did not answer at all. Like a retry with the back-off; where all
   * messages of the topic have {@linkplain OutboxHandler#hasOneReceiver one receiver}, the others
   * wait with it.
   *
   * @param reason for people
   */
  record Unanswered(String reason) implements Outcome {}

  /**
   * Never; the row is kept as a dead letter and later rows of the key go on.
   *
   * @param reason for people
   */
  record Dead(String reason) implements Outcome {}

  /** The receiver has it. */
  static Outcome delivered() {
    return new Delivered();
  }

  /** Try again after the back-off. */
  static Outcome retry(String reason) {
    return new Retry(reason, null);
  }

  /** Try again after {@code after}. */
  static Outcome retry(String reason, Duration after) {
    return new Retry(reason, after);
  }

  /** Try again when the receiver answers. */
  static Outcome unanswered(String reason) {
    return new Unanswered(reason);
  }

  /** Keep as a dead letter. */
  static Outcome dead(String reason) {
    return new Dead(reason);
  }
}
