package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.RunView;
import dev.watchtower.incident.remediation.Performer.Performed;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** The runs of chaos-service that this service may see: blind ones are hidden from it. */
final class ChaosRuns {
  private static final Set<RunView.State> ACTIVE =
      EnumSet.of(RunView.State.STARTING, RunView.State.RUNNING);
  private static final ParameterizedTypeReference<PageOf<RunView>> RUNS =
      new ParameterizedTypeReference<>() {};

  private final Peers peers;

  ChaosRuns(Peers peers) {
    this.peers = peers;
  }

  Performed stop(String service, String env) {
    try {
      var runs = activeOn(service, env);
      for (var run : runs) {
        peers
            .client("chaos")
            .post()
            .uri("/api/v1/runs/{id}/stop", run.id())
            .retrieve()
            .toBodilessEntity();
      }
      return runs.isEmpty()
          ? new Performed.Needless("no chaos run is known to be under way on " + service)
          : new Performed.Done(
              "stopped " + String.join(", ", runs.stream().map(RunView::experiment).toList()));
    } catch (RestClientResponseException e) {
      return new Performed.Failed("chaos-service answered " + e.getStatusCode().value());
    } catch (ResourceAccessException e) {
      return new Performed.Failed("chaos-service does not answer");
    } catch (RestClientException e) {
      return new Performed.Failed("chaos-service's answer cannot be read");
    }
  }

  private List<RunView> activeOn(String service, String env) {
    var page = peers.client("chaos").get().uri("/api/v1/runs?limit=200").retrieve().body(RUNS);
    return page == null || page.items() == null
        ? List.of()
        : page.items().stream()
            .filter(r -> r.target().equals(service) && r.env().equals(env))
            .filter(r -> ACTIVE.contains(r.state()))
            .toList();
  }
}
