package dev.watchtower.chaos.run.http;

import dev.watchtower.chaos.run.jdbc.RunEvents;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.outbox.HttpDelivery;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import java.util.Map;
import org.springframework.http.MediaType;

/** Takes the change events of runs to ingest-service. */
public final class RunEventDelivery implements OutboxHandler {
  private static final MediaType CLOUD_EVENT =
      MediaType.parseMediaType("application/cloudevents+json");

  private final Peers peers;

  /** Delivers to the peer {@code ingest}. */
  public RunEventDelivery(Peers peers) {
    this.peers = peers;
  }

  @Override
  public String topic() {
    return RunEvents.TOPIC;
  }

  @Override
  public boolean hasOneReceiver() {
    return true;
  }

  @Override
  public Outcome deliver(OutboxMessage message) {
    return HttpDelivery.attempt(() ->
        peers
            .client("ingest")
            .post()
            .uri("/api/v1/events")
            .contentType(CLOUD_EVENT)
            .body(message.payload(Map.class))
            .retrieve()
            .toBodilessEntity());
  }
}
