package dev.watchtower.common.outbox;

/**
 * Delivers the messages of one topic. A bean for each topic. Called by several threads at once for
 * different keys, never for two messages of one key; outside any transaction. Every call it makes
 * must have a time limit.
 */
public interface OutboxHandler {
  /** The topic, unique in the service. */
  String topic();

  /**
   * Whether all messages of the topic go to the same receiver: when it does not answer, one of them
   * is tried every two seconds, that which was tried least, and the others wait for it to be back.
   */
  default boolean hasOneReceiver() {
    return false;
  }

  /**
   * Tries once. An exception counts as a retry with back-off; one that is not about the network
   * becomes a dead letter at the tenth attempt.
   */
  Outcome deliver(OutboxMessage message);
}
