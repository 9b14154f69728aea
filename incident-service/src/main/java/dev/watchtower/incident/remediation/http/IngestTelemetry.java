package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.incident.remediation.Telemetry;
import java.time.Duration;
import java.time.Instant;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** Golden signals from {@code GET /api/v1/signals} of the peer {@code ingest}. */
public final class IngestTelemetry implements Telemetry {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final ParameterizedTypeReference<PageOf<SignalsBatch>> PAGE =
      new ParameterizedTypeReference<>() {};

  private final Peers peers;

  /** The peer {@code ingest}. */
  public IngestTelemetry(Peers peers) {
    this.peers = peers;
  }

  @Override
  public Reading read(String service, String env, String signal) {
    try {
      var page =
          peers
              .client("ingest", LIMIT)
              .get()
              .uri("/api/v1/signals?service={service}&env={env}", service, env)
              .retrieve()
              .body(PAGE);
      if (page == null || page.items() == null || page.items().isEmpty()) {
        return new Reading.Unknown("ingest knows nothing of " + service, false);
      }
      var batch = page.items().getFirst();
      var value = batch.signals() == null ? null : batch.signals().get(signal);
      return value == null
          ? new Reading.Unknown("ingest has no %s of %s".formatted(signal, service), false)
          : new Reading.Value(value, Instant.ofEpochMilli(batch.ts()));
    } catch (RestClientResponseException e) {
      return new Reading.Unknown("ingest answered " + e.getStatusCode().value(), true);
    } catch (RestClientException e) {
      return new Reading.Unknown("ingest does not answer", true);
    }
  }
}
