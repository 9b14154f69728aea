package dev.watchtower.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.IncidentView;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A request whose answer was lost, so that incident-service delivers it again. */
class DeliveredTwiceIT extends RunningService {
  private Reply deliver(IncidentView incident, String key) throws Exception {
    return callWith(
        Map.of("Idempotency-Key", key),
        "POST",
        "/api/v1/analyses",
        Map.of("incidentId", incident.id(), "incident", incident),
        Scope.ANALYSIS_REQUEST);
  }

  @Test
  void isAnalysedOnce() throws Exception {
    var incident = Samples.incident("checkout", CLOCK.instant());
    KNOWN.put(incident.id(), incident);
    var key = UUID.randomUUID().toString();
    var first = deliver(incident, key);
    assertThat(first.status()).isEqualTo(202);
    result(incident);

    var again = deliver(incident, key);

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.body().path("id")).isEqualTo(first.body().path("id"));
    assertThat(deliver(incident, UUID.randomUUID().toString()).body().path("id"))
        .as("what is asked for anew")
        .isNotEqualTo(first.body().path("id"));
  }

  @Test
  void aKeyOfAnotherIncidentsRequestIsRefused() throws Exception {
    var incident = Samples.incident("checkout", CLOCK.instant());
    var other = Samples.incident("inventory", CLOCK.instant());
    KNOWN.put(incident.id(), incident);
    var key = UUID.randomUUID().toString();
    assertThat(deliver(incident, key).status()).isEqualTo(202);
    result(incident);

    var reply = deliver(other, key);

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body().path("type").asString()).endsWith("/key-in-use");
    assertThat(
            call("GET", "/api/v1/analyses?incident=" + other.id(), null, Scope.READ)
                .body()
                .path("items"))
        .isEmpty();
  }

  @Test
  void aKeyThatIsNoneIsRefused() throws Exception {
    var reply = deliver(Samples.incident("checkout", CLOCK.instant()), "again");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body().path("errors").toString()).contains("Idempotency-Key");
  }
}
