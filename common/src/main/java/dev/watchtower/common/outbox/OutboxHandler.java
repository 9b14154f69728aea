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
   * Tries once. An exception counts as a retry with back-off; one that is not about the network
   * becomes a dead letter at the tenth attempt.
   */
  Outcome deliver(OutboxMessage message);
}
