package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.ProcessView;
import dev.watchtower.incident.remediation.Supervisor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** The launcher's supervisor over HTTP. */
public final class HttpSupervisor implements Supervisor {
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(15);
  private static final ParameterizedTypeReference<List<ProcessView>> PROCESSES =
      new ParameterizedTypeReference<>() {};

  private final Peers peers;

  /** The peer {@code supervisor}. */
  public HttpSupervisor(Peers peers) {
    this.peers = peers;
  }

  @Override
  public String restart(String process, String reason) {
    try {
      peers
          .client("supervisor", RESTART_LIMIT)
          .post()
          .uri("/api/v1/processes/{name}/restart", process)
          .contentType(MediaType.APPLICATION_JSON)
          .body(Map.of("reason", reason))
          .retrieve()
          .toBodilessEntity();
      return "";
    } catch (RestClientResponseException e) {
      return "the supervisor answered " + e.getStatusCode().value();
    } catch (ResourceAccessException e) {
      return "the supervisor does not answer";
    } catch (RestClientException e) {
      return "the supervisor's answer cannot be read";
    }
  }

  @Override
  public boolean isHealthySince(String process, Instant since) {
    try {
      var all =
          peers.client("supervisor").get().uri("/api/v1/processes").retrieve().body(PROCESSES);
      return all != null
          && all.stream()
              .anyMatch(p ->
                  p.name().equals(process)
                      && p.state().equals("HEALTHY")
                      && (p.since() == null || !p.since().isBefore(since)));
    } catch (RestClientException e) {
      // Not known to be healthy; the next look or the deadline decides.
      return false;
    }
  }
}
