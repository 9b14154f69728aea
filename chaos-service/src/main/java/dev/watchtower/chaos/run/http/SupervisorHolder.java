package dev.watchtower.chaos.run.http;

import dev.watchtower.chaos.run.Holder;
import dev.watchtower.chaos.run.Run;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** Crashes a process and keeps it down, through the supervisor. */
public final class SupervisorHolder implements Holder {
  private static final String PATH = "/api/v1/processes/{name}/crash-leases/{id}";

  private final RestClient supervisor;

  /** Calls the supervisor by {@code supervisor}. */
  public SupervisorHolder(RestClient supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public Outcome hold(Run run, Duration ttl) {
    return AgentHolder.attempt(() ->
        supervisor
            .put()
            .uri(PATH, run.service(), run.id())
            .contentType(MediaType.APPLICATION_JSON)
            .body(Map.of("ttlMillis", ttl.toMillis()))
            .retrieve()
            .toBodilessEntity());
  }

  @Override
  public Outcome release(Run run) {
    return AgentHolder.attempt(
        () -> supervisor.delete().uri(PATH, run.service(), run.id()).retrieve().toBodilessEntity());
  }
}
