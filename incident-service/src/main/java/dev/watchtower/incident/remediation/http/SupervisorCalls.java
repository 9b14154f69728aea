package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.ProcessView;
import dev.watchtower.incident.remediation.Performer.Performed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** The launcher's supervisor over HTTP. */
final class SupervisorCalls {
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(15);

  /** Longer than any command may take. */
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(25);

  private static final int MAX_SAID = 300;
  private static final ParameterizedTypeReference<List<ProcessView>> PROCESSES =
      new ParameterizedTypeReference<>() {};

  /** How a command ended, as the supervisor tells it. */
  record CommandResult(
      @Nullable Integer exit, boolean timedOut, long millis, @Nullable String output) {}

  private final Peers peers;

  SupervisorCalls(Peers peers) {
    this.peers = peers;
  }

  Performed restart(String process, String reason) {
    try {
      peers
          .client("supervisor", RESTART_LIMIT)
          .post()
          .uri("/api/v1/processes/{name}/restart", process)
          .contentType(MediaType.APPLICATION_JSON)
          .body(Map.of("reason", reason))
          .retrieve()
          .toBodilessEntity();
      return new Performed.Done("the supervisor restarts it");
    } catch (RestClientException e) {
      return new Performed.Failed(words(e));
    }
  }

  Performed command(String process, String command, String reason) {
    try {
      var result =
          peers
              .client("supervisor", COMMAND_LIMIT)
              .post()
              .uri("/api/v1/processes/{name}/commands/{command}", process, command)
              .contentType(MediaType.APPLICATION_JSON)
              .body(Map.of("reason", reason))
              .retrieve()
              .body(CommandResult.class);
      return result == null
          ? new Performed.Failed("the supervisor's answer cannot be read")
          : performed(command, result);
    } catch (RestClientException e) {
      return new Performed.Failed(words(e));
    }
  }

  private static Performed performed(String command, CommandResult result) {
    if (result.timedOut() || result.exit() == null) {
      return new Performed.Failed(command + " took too long and was killed" + said(result));
    }
    return result.exit() == 0
        ? new Performed.Done(command + " ended with 0" + said(result))
        : new Performed.Failed(
            "%s ended with %d%s".formatted(command, result.exit(), said(result)));
  }

  private static String said(CommandResult result) {
    var output = result.output() == null ? "" : result.output().strip();
    var end = output.substring(Math.max(0, output.length() - MAX_SAID));
    return end.isEmpty() ? "" : ": " + end.replaceAll("\\p{Cntrl}+", " ");
  }

  boolean isHealthySince(String process, Instant since) {
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

  private static String words(RestClientException e) {
    return switch (e) {
      case RestClientResponseException r -> "the supervisor answered " + r.getStatusCode().value();
      case ResourceAccessException r -> "the supervisor does not answer";
      default -> "the supervisor's answer cannot be read";
    };
  }
}
