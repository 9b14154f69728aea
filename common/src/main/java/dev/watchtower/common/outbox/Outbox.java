package dev.watchtower.common.outbox;

import dev.watchtower.common.web.TraceContext;
import java.util.UUID;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages to other services, written in the transaction of the state change that they tell of:
 * both are kept, or neither. Delivered at least once, in order for each topic and key. Safe for use
 * by several threads.
 *
 * <p>The order of a key is the order of {@link #append}; callers that append to one key from
 * several transactions at once must serialise by themselves, as the row lock of an aggregate does.
 */
public final class Outbox {
  private final OutboxStore store;
  private final OutboxWorker worker;
  private final OutboxMeters meters;
  private final JsonMapper json;

  Outbox(OutboxStore store, OutboxWorker worker, OutboxMeters meters, JsonMapper json) {
    this.store = store;
    this.worker = worker;
    this.meters = meters;
    this.json = json;
  }

  /**
   * Writes a message in the caller's transaction; delivery starts right after the commit.
   *
   * @return the message's id, the receiver's idempotency key
   * @throws IllegalStateException if there is no transaction
   */
  public UUID append(String key, String topic, Object payload) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("a message is appended in the transaction it belongs to");
    }
    worker.checkTopic(topic);
    var id = UUID.randomUUID();
    store.append(
        id,
        topic,
        key,
        json.writeValueAsString(payload),
        TraceContext.current().map(TraceContext::traceparent).orElse(null));
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            meters.appended(topic);
            worker.kick();
          }
        });
    return id;
  }

  /** How it stands with a topic: what waits, what is dead, and why. */
  public OutboxView waiting(String topic) {
    return store.view(topic);
  }

  /**
   * Makes a waiting message or a dead letter due now.
   *
   * @return whether there was one that is not being delivered already
   */
  public boolean retry(UUID id) {
    boolean found = store.retry(id);
    worker.kick();
    return found;
  }

  /** Makes all waiting messages of a key due now; they are delivered in their order. */
  public void hurry(String topic, String key) {
    store.hurry(topic, key);
    worker.kick();
  }

  /**
   * Makes a waiting message a dead letter, so that the key's later ones go on.
   *
   * @return whether there was one
   */
  public boolean drop(UUID id, String reason) {
    boolean found = store.drop(id, reason);
    worker.kick();
    return found;
  }
}
