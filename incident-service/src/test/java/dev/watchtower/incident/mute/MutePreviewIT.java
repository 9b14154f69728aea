package dev.watchtower.incident.mute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a silence says beforehand that it would mute. */
class MutePreviewIT extends RunningService {
  private void silence(String service) {
    var made =
        responder()
            .post(
                "/api/v1/silences",
                Map.of(
                    "matchers", Map.of("services", List.of(service)),
                    "reason", "deploying",
                    "duration", "PT1H"));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
  }

  private String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  @Test
  void thePreviewSaysWhatWouldBeMutedNow() {
    var service = freshService();
    silence(service);
    var incident = fire(service);
    responder().post("/api/v1/signals", signal(service, "cpu-saturated", SignalStatus.FIRING));
    var all = Map.of("matchers", Map.of("services", List.of(service)));
    var some = Map.of("matchers", Map.of("services", List.of(service), "rules", List.of("cpu-*")));

    var whole = responder().post("/api/v1/silences/preview", all).body();
    var part = responder().post("/api/v1/maintenance-windows/preview", some).body();

    assertThat(whole.path("wouldMute").asInt()).isEqualTo(1);
    long unresolved =
        jdbc.sql("select count(*) from incident where state <> 'RESOLVED'")
            .query(Long.class)
            .single();
    assertThat(whole.path("incidents").asLong()).isEqualTo(Math.min(200, unresolved));
    assertThat(whole.path("complete").asBoolean()).isEqualTo(unresolved <= 200);
    assertThat(whole.path("items").path(0).path("id").asString()).isEqualTo(incident);
    assertThat(part.path("items").path(0).path("muted").asInt()).isEqualTo(1);
    assertThat(part.path("wouldMute").asInt()).as("the other signal is silenced").isEqualTo(1);
    assertThat(part.path("items").path(0).path("all").asBoolean()).isTrue();
    assertThat(whole.path("told").asInt()).isZero();
  }

  /** Two silences together mute an incident that neither mutes alone: so does the preview. */
  @Test
  void thePreviewCountsWhatIsInForceAlready() {
    var service = freshService();
    silence(service);
    var incident = fire(service);
    var other = freshService();
    silenceRule(other, "high-*");
    var both = fire(other);
    responder().post("/api/v1/signals", signal(other, "cpu-saturated", SignalStatus.FIRING));

    var preview =
        responder()
            .post(
                "/api/v1/silences/preview",
                Map.of("matchers", Map.of("services", List.of(other), "rules", List.of("cpu-*"))))
            .body();

    assertThat(preview.toString()).doesNotContain(incident);
    var item = preview.path("items").path(0);
    assertThat(item.path("id").asString()).isEqualTo(both);
    assertThat(item.path("muted").asInt()).isEqualTo(1);
    var covered = item.path("told").asBoolean() ? item.path("stepsWait") : item.path("all");
    assertThat(covered.asBoolean()).isTrue();
  }

  private void silenceRule(String service, String rule) {
    var made =
        responder()
            .post(
                "/api/v1/silences",
                Map.of(
                    "matchers", Map.of("services", List.of(service), "rules", List.of(rule)),
                    "reason", "deploying",
                    "duration", "PT1H"));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
  }

  @Test
  void thePreviewPromisesNoQuietToThoseWhoWereToldAlready() {
    var service = freshService();
    var incident = fire(service);

    var preview =
        responder()
            .post(
                "/api/v1/silences/preview",
                Map.of("matchers", Map.of("services", List.of(service))))
            .body();

    assertThat(preview.path("wouldMute").asInt()).isZero();
    assertThat(preview.path("told").asInt()).isEqualTo(1);
    var item = preview.path("items").path(0);
    assertThat(item.path("id").asString()).isEqualTo(incident);
    assertThat(item.path("muted").asInt()).isEqualTo(1);
    assertThat(item.path("all").asBoolean()).isFalse();
    assertThat(item.path("told").asBoolean()).isTrue();
    assertThat(item.path("stepsWait").asBoolean()).isTrue();

    silence(service);
    responder().post("/api/v1/signals", signal(service, "cpu-saturated", SignalStatus.FIRING));
    assertThat(responder().get("/api/v1/muted").body().toString()).doesNotContain(incident);
  }

  @Test
  void ofWhatPeopleWereToldOfTheStepsWaitWhereAllIsCovered() {
    var incident = fire("esc-26");
    responder().post("/api/v1/signals", signal("esc-26", "cpu-saturated", SignalStatus.FIRING));
    var all = Map.of("matchers", Map.of("services", List.of("esc-26")));
    var some = Map.of("matchers", Map.of("services", List.of("esc-26"), "rules", List.of("cpu-*")));

    var whole = responder().post("/api/v1/silences/preview", all).body().path("items").path(0);
    assertThat(whole.path("told").asBoolean()).isTrue();
    assertThat(whole.path("stepsWait").asBoolean()).isTrue();
    var part = responder().post("/api/v1/silences/preview", some).body().path("items").path(0);
    assertThat(part.path("told").asBoolean()).isTrue();
    assertThat(part.path("stepsWait").asBoolean()).isFalse();

    silence("esc-26");
    advance(Duration.ofMinutes(5));
    var timeline = "/api/v1/incidents/" + incident + "/timeline?limit=200";
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(responder().get(timeline).body().toString())
                .contains("Not escalated: muted by a silence of ann: deploying")
                .doesNotContain("Escalated to"));
    send(incident, "DISMISS");
  }
}
