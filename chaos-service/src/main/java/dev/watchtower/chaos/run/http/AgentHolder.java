package dev.watchtower.chaos.run.http;

import dev.watchtower.chaos.run.Holder;
import dev.watchtower.chaos.run.Run;
import dev.watchtower.common.http.Redirects;
import dev.watchtower.common.wire.FaultLease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Holds faults at the chaos agent inside the target process. */
public final class AgentHolder implements Holder {
  private static final int MOST_BYTES = 64 * 1024;

  private final RestClient http;

  /** Calls agents by {@code http}, which adds the token and limits the time. */
  public AgentHolder(RestClient http) {
    this.http = Redirects.refusedBy(http.mutate()).build();
  }

  @Override
  public Outcome hold(Run run, Duration ttl) {
    try {
      return Objects.requireNonNull(
          http.put()
              .uri(Objects.requireNonNull(run.target()) + "/chaos-agent/leases/{id}", run.id())
              .contentType(MediaType.APPLICATION_JSON)
              .body(new FaultLease(run.kind(), run.parameters(), ttl.toMillis()))
              .exchange((request, response) -> outcome(response)));
    } catch (RestClientException e) {
      return new Outcome.NoAnswer(Answer.shortened(String.valueOf(e.getMessage())));
    }
  }

  private static Outcome outcome(ClientHttpResponse response) throws IOException {
    var body = new String(response.getBody().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    return Answer.outcome(response.getStatusCode().value(), body);
  }

  @Override
  public Outcome release(Run run) {
    return attempt(() ->
        http.delete()
            .uri(Objects.requireNonNull(run.target()) + "/chaos-agent/leases/{id}", run.id())
            .retrieve()
            .toBodilessEntity());
  }

  static Outcome attempt(Runnable call) {
    try {
      call.run();
      return new Outcome.Done();
    } catch (HttpStatusCodeException e) {
      return Answer.outcome(e.getStatusCode().value(), e.getResponseBodyAsString());
    } catch (RestClientException e) {
      return new Outcome.NoAnswer(Answer.shortened(String.valueOf(e.getMessage())));
    }
  }
}
