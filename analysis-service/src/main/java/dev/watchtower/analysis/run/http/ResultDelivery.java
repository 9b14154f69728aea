package dev.watchtower.analysis.run.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.outbox.HttpDelivery;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import dev.watchtower.common.wire.AnalysisView;

/** Hands results to incident-service until it has them; the analysis id is the idempotency key. */
public final class ResultDelivery implements OutboxHandler {
  private final Peers peers;
  private final String topic;

  public ResultDelivery(Peers peers, String topic) {
    this.peers = peers;
    this.topic = topic;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public boolean hasOneReceiver() {
    return true;
  }

  @Override
  public Outcome deliver(OutboxMessage message) {
    var view = message.payload(AnalysisView.class);
    return HttpDelivery.attempt(() ->
        peers
            .client("incident")
            .post()
            .uri("/api/v1/incidents/{id}/analysis", view.incidentId())
            .body(view)
            .retrieve()
            .toBodilessEntity());
  }
}
