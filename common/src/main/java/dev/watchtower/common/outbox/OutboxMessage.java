package dev.watchtower.common.outbox;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message to deliver.
 *
 * @param id the same at each attempt: the receiver's idempotency key
 * @param key messages of a topic with the same key are delivered in order
 * @param payloadJson what is to be delivered
 * @param attempt from 1
 * @param createdAt when it was written
 * @param json reads the payload
 */
public record OutboxMessage(
    UUID id,
    String topic,
    String key,
    String payloadJson,
    int attempt,
    Instant createdAt,
    JsonMapper json) {

  /**
   * The payload as a {@code type}.
   *
   * @throws UnreadablePayloadException if it is not one; the worker makes it a dead letter
   */
  public <T> T payload(Class<T> type) {
    try {
      return json.readValue(payloadJson, type);
    } catch (JacksonException e) {
      throw new UnreadablePayloadException(
          "the payload is not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /** The payload cannot be read, now or later. */
  public static final class UnreadablePayloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadablePayloadException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
