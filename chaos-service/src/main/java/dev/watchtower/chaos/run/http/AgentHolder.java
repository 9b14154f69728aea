package dev.watchtower.chaos.run.http;

import dev.watchtower.chaos.run.Holder;
import dev.watchtower.chaos.run.Run;
import dev.watchtower.common.http.Redirects;
import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.FaultLease;
import dev.watchtower.common.wire.SignalBounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Holds faults at the chaos agent inside the target process. */
public final class AgentHolder implements Holder {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_SAID = 200;

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
      return new Outcome.NoAnswer(shortened(String.valueOf(e.getMessage())));
    }
  }

  private static Outcome outcome(ClientHttpResponse response) throws IOException {
    int status = response.getStatusCode().value();
    var body = new String(response.getBody().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    var said = "HTTP " + status + " " + shortened(body);
    if (status >= 500) {
      return new Outcome.NoAnswer(said);
    }
    // A redirect is a web server that knows no agent.
    return status < 300
        ? new Outcome.Done()
        : new Outcome.Refused(status < 400 ? "no chaos agent answers there: " + said : said);
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
    } catch (HttpClientErrorException e) {
      return new Outcome.Refused(
          "HTTP " + e.getStatusCode().value() + " " + shortened(e.getResponseBodyAsString()));
    } catch (RestClientException e) {
      return new Outcome.NoAnswer(shortened(String.valueOf(e.getMessage())));
    }
  }

  private static String shortened(String text) {
    // It is kept with the run, and not every text can be.
    return SignalBounds.cut(Texts.madeStorable(text), MOST_SAID);
  }
}
