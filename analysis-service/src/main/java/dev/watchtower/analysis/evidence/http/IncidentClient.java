package dev.watchtower.analysis.evidence.http;

import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.analysis.evidence.SourceException;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.ArrayList;
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
  public Active active(String env) {
    // Who waits for all pages gives up after about one limit, and would have none of them then.
    long until = System.nanoTime() + limit.dividedBy(2).toNanos();
    var all = new ArrayList<IncidentView>();
    String next = null;
    for (int i = 0; i < MOST_PAGES && (i == 0 || next != null); i++) {
      if (i > 0 && System.nanoTime() > until) {
        return new Active(all, false);
      }
      PageOf<IncidentView> page;
      try {
        page = page(env, next);
      } catch (SourceException e) {
        if (i == 0) {
          throw e;
        }
        return new Active(all, false);
      }
      if (page == null || page.items() == null) {
        break;
      }
      page.items().stream().map(IncidentClient::firing).forEach(all::add);
      next = page.next();
    }
    return new Active(all, true);
  }

  /** In a storm there are very many signals; what has cleared is not asked for. */
  private static IncidentView firing(IncidentView incident) {
    return incident.withSignals(
        incident.signals().stream().filter(s -> s.status() == SignalStatus.FIRING).toList());
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
