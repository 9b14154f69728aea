package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Signals that fire and clear again and again: eight changes within ten minutes, five of calm. */
class FlapIT extends RunningService {
  private final String service = freshService();

  private String change(SignalStatus status) {
    advance(Duration.ofSeconds(20));
    return responder().post("/api/v1/signals", signal(service, "rule", status)).text("incident");
  }

  private String flap(int changes) {
    var incident = "";
    for (int i = 0; i < changes; i++) {
      incident = change(i % 2 == 0 ? SignalStatus.FIRING : SignalStatus.CLEARED);
    }
    return incident;
  }

  private JsonNode incident(String id) {
    return responder().get("/api/v1/incidents/" + id).body();
  }

  private List<String> summaries(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private long notices(String id) {
    return jdbc.sql("select count(*) from notification where incident_id = ?")
        .param(UUID.fromString(id))
        .query(Long.class)
        .single();
  }

  @Test
  void sevenChangesAreSevenChanges() {
    var id = flap(7);

    assertThat(incident(id).path("flapping").asBoolean()).isFalse();
    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
  }

  @Test
  void aFlappingIncidentStaysOpenIsToldOfOnceAndEndsWhenItIsCalm() {
    var id = flap(8);

    assertThat(incident(id).path("flapping").asBoolean()).isTrue();
    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(incident(id).path("signals").path(0).path("flapping").asBoolean()).isTrue();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          advance(Duration.ofSeconds(1));
          return notices(id) > 0 && waiting(id) == 0;
        });
    long told = notices(id);
    // What people were told while it began to flap is on the timeline as well.
    var before = summaries(id);
    assertThat(before).anyMatch(s -> s.startsWith("rule flaps: 8 changes within 10 min."));

    assertThat(flap(20)).isEqualTo(id);

    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(incident(id).path("signals").path(0).path("status").asString()).isEqualTo("CLEARED");
    assertThat(summaries(id)).isEqualTo(before);
    assertThat(notices(id)).isEqualTo(told);

    advance(Duration.ofMinutes(5));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> incident(id).path("state").asString().equals("MITIGATED"));
    assertThat(incident(id).path("flapping").asBoolean()).isFalse();
    assertThat(summaries(id)).hasSize(before.size() + 2).contains("Calm again: rule (cleared)");
    assertThat(
            responder()
                .get("/api/v1/incidents/" + id + "/timeline/verify")
                .body()
                .path("valid")
                .asBoolean())
        .isTrue();
  }

  @Test
  void whatFiresWhenItIsCalmAgainIsStillOpen() {
    var id = flap(8);
    change(SignalStatus.FIRING);
    advance(Duration.ofMinutes(5));

    await().atMost(Duration.ofSeconds(10)).until(() -> !incident(id).path("flapping").asBoolean());

    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(summaries(id)).contains("Calm again: rule (fires)");
  }

  @Test
  void aPersonCanEndItAllTheSame() {
    var id = flap(8);
    var answer =
        responder()
            .post(
                "/api/v1/incidents/" + id + "/transitions",
                Map.of("event", "DISMISS", "comment", "a loose cable"));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.body().path("flapping").asBoolean()).isFalse();
  }

  private long waiting(String id) {
    return jdbc.sql(
            "select count(*) from notification where incident_id = ? and state in ('WAITING', 'SENDING')")
        .param(UUID.fromString(id))
        .query(Long.class)
        .single();
  }
}
