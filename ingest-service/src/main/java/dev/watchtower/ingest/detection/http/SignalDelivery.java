package dev.watchtower.ingest.detection.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.outbox.HttpDelivery;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.ingest.detection.jdbc.SignalWriter;
import org.springframework.http.MediaType;

/** Delivers signals to incident-service, in order for each fingerprint. */
public final class SignalDelivery implements OutboxHandler {
  private final Peers peers;

  /** Through those clients. */
  public SignalDelivery(Peers peers) {
    this.peers = peers;
  }

  @Override
  public String topic() {
    return SignalWriter.TOPIC;
  }

  @Override
  public boolean hasOneReceiver() {
    return true;
  }

  @Override
  public Outcome deliver(OutboxMessage message) {
    Signal signal = message.payload(Signal.class);
    return HttpDelivery.attempt(() ->
        peers
            .client("incident")
            .post()
            .uri("/api/v1/signals")
            .contentType(MediaType.APPLICATION_JSON)
            .body(signal)
            .retrieve()
            .toBodilessEntity());
  }
}
