package dev.watchtower.analysis.evidence.http;

import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.HttpClientErrorException;

/** Incidents from incident-service. */
public final class IncidentClient implements Incidents {
  private static final ParameterizedTypeReference<PageOf<IncidentView>> PAGE =
      new ParameterizedTypeReference<>() {};

  /** Of 200 incidents each. */
  private static final int MOST_PAGES = 5;

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
    var all = new ArrayList<IncidentView>();
    String next = null;
    for (int i = 0; i < MOST_PAGES; i++) {
      var page = page(env, next);
      if (page == null || page.items() == null) {
        break;
      }
      all.addAll(page.items());
      next = page.next();
      if (next == null) {
        break;
      }
    }
    return all;
  }

  private @Nullable PageOf<IncidentView> page(String env, @Nullable String next) {
    var uri =
        "/api/v1/incidents?limit=200&env={e}&state=OPEN,ACKNOWLEDGED,INVESTIGATING,IDENTIFIED";
    return Sources.ask(
        "incident-service",
        () -> {
          var request = peers.client("incident", limit).get();
          return (next == null ? request.uri(uri, env) : request.uri(uri + "&page={p}", env, next))
              .retrieve()
              .body(PAGE);
        });
  }
}
