package dev.watchtower.incident.analysis.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.outbox.HttpDelivery;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.analysis.Excerpt;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.Room;
import org.springframework.http.MediaType;

/**
 * Asks analysis-service for the cause of every incident that opens, and again when it relapses
 * (what fires then may have another cause), through the outbox.
 */
public final class AnalysisRequests implements IncidentListener, OutboxHandler {
  static final String TOPIC = "analysis.request";

  private final Outbox outbox;
  private final Peers peers;

  /** Requests to the peer {@code analysis}. */
  public AnalysisRequests(Outbox outbox, Peers peers) {
    this.outbox = outbox;
    this.peers = peers;
  }

  @Override
  public void changed(IncidentChange change) {
    if (change.opened() || relapsed(change) || isAboutAnother(change)) {
      var incident = change.after();
      outbox.append(
          incident.id().toString(),
          TOPIC,
          new AnalysisRequest(incident.id(), Excerpt.of(incident.view(Room.EMPTY))));
    }
  }

  private static boolean isAboutAnother(IncidentChange change) {
    return change.before() != null
        && !change.before().subject().service().equals(change.after().subject().service());
  }

  private static boolean relapsed(IncidentChange change) {
    return change.before() != null
        && change.before().state() == IncidentState.MITIGATED
        && change.after().state() == IncidentState.INVESTIGATING;
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public boolean hasOneReceiver() {
    return true;
  }

  @Override
  public Outcome deliver(OutboxMessage message) {
    var written = message.payload(AnalysisRequest.class);
    // Written with the change: however late it arrives, that is the time to look at.
    var request =
        new AnalysisRequest(written.incidentId(), written.incident(), message.createdAt());
    return HttpDelivery.attempt(() ->
        peers
            .client("analysis")
            .post()
            .uri("/api/v1/analyses")
            .header("Idempotency-Key", message.id().toString())
            .contentType(MediaType.APPLICATION_JSON)
            .body(request)
            .retrieve()
            .toBodilessEntity());
  }
}
