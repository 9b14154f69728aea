package dev.watchtower.analysis.evidence.http;

import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.HttpClientErrorException;

/** Incidents from incident-service. */
public final class IncidentClient implements Incidents {
  private static final ParameterizedTypeReference<PageOf<IncidentView>> PAGE =
      new ParameterizedTypeReference<>() {};

  private final Peers peers;
  private final Duration limit;

  /**
   * @param limit how long one call may take
   */
  public IncidentClient(Peers peers, Duration limit) {
    this.peers = peers;
    this.limit = limit;
  }

  @Override
  public Optional<IncidentView> find(UUID id) {
    return Optional.ofNullable(
        Sources.ask(
            "incident-service",
            () -> {
              try {
                return peers
                    .client("incident", limit)
                    .get()
                    .uri("/api/v1/incidents/{id}", id)
                    .retrieve()
                    .body(IncidentView.class);
              } catch (HttpClientErrorException.NotFound e) {
                return null;
              }
            }));
  }

  @Override
  public List<IncidentView> active(String env) {
    var page =
        Sources.ask(
            "incident-service",
            () ->
                peers
                    .client("incident", limit)
                    .get()
                    .uri(
                        "/api/v1/incidents?env={e}&state=OPEN,ACKNOWLEDGED,INVESTIGATING,IDENTIFIED",
                        env)
                    .retrieve()
                    .body(PAGE));
    return page == null || page.items() == null ? List.of() : page.items();
  }
}
