package dev.watchtower.monitor.fallback.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.web.TraceContext;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.monitor.fallback.SignalSender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /api/v1/signals}, with a limit on each attempt that the deadline sets. */
@Component
final class IncidentSignalSender implements SignalSender {
  /** Its answer to a signal that it has already; 202 to one that is new. */
  private static final int KNOWN = 200;

  /** More than it ever answers. */
  private static final long MOST_BYTES = 64 * 1024;

  private final Peers peers;
  private final ServiceTokens tokens;
  private final JsonMapper json;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  IncidentSignalSender(Peers peers, ServiceTokens tokens, JsonMapper json) {
    this.peers = peers;
    this.tokens = tokens;
    this.json = json;
  }

  @Override
  public Outcome send(Signal signal, Duration limit) {
    var request =
        HttpRequest.newBuilder(URI.create(peers.url("incident") + "/api/v1/signals"))
            .timeout(limit)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + tokens.tokenFor("incident"))
            .header("traceparent", TraceContext.fresh().traceparent())
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(signal)))
            .build();
    var answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      var taken = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      int status = taken.statusCode();
      if (status / 100 == 2) {
        return new Outcome.Accepted(status == KNOWN, isLate(taken.body()));
      }
      return permanent(status)
          ? new Outcome.Refused("status " + status)
          : new Outcome.Failed("status " + status);
    } catch (TimeoutException e) {
      return new Outcome.Failed("no answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      return new Outcome.Failed(
          e.getCause() instanceof IOException cause ? cause.toString() : e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("this service is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private boolean isLate(byte[] body) {
    try {
      return json.readTree(body).path("late").asBoolean(false);
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Bad requests stay bad; tokens, load and time-outs can get better. */
  private static boolean permanent(int status) {
    return status / 100 == 4 && status != 401 && status != 403 && status != 408 && status != 429;
  }
}
