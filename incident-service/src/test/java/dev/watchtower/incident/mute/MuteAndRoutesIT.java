package dev.watchtower.incident.mute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What mutes, together with routes, merges and what others have told. */
class MuteAndRoutesIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private void mute(String path, String service, String duration) {
    var made =
        responder()
            .post(
                path,
                Map.of(
                    "matchers",
                    Map.of("services", List.of(service)),
                    "reason",
                    "deploying",
                    "duration",
                    duration));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
  }

  private String send(String service, String env, SignalKind kind, boolean toldElsewhere) {
    var now = CLOCK.instant();
    var signal =
        new Signal(
            UUID.randomUUID(),
            kind + "|" + service,
            kind,
            SignalStatus.FIRING,
            "r",
            service,
            env,
            Severity.SEV2,
            service + " fails",
            now.minusSeconds(20),
            null,
            toldElsewhere ? now.minusSeconds(10) : null);
    return responder().post("/api/v1/signals", signal).text("incident");
  }

  private List<String> timeline(String incident) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private List<String> told(String incident) {
    return responder()
        .get("/api/v1/notifications?incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .map(n -> n.path("channel").asString() + " " + n.path("kind").asString())
        .toList();
  }

  // One environment of the tests knows no other incidents.
  @AfterEach
  void tidyUp() {
    for (var service : List.of("lab-hours", "lab-none")) {
      responder()
          .get("/api/v1/incidents?service=" + service + "&state=OPEN")
          .body()
          .path("items")
          .forEach(i ->
              responder()
                  .post(
                      "/api/v1/incidents/" + i.path("id").asString() + "/transitions",
                      Map.of("event", "DISMISS", "comment", "test")));
    }
  }

  @Test
  void maintenanceMutesAnOutageThatItsSenderHasToldDiscordOfForAllOthers() {
    mute("/api/v1/maintenance-windows", "all-30", "PT10M");

    var incident = send("all-30", "prod", SignalKind.SERVICE_DOWN, true);

    assertThat(timeline(incident))
        .contains("Nobody is told: muted by maintenance of ann: deploying");
    assertThat(told(incident)).isEmpty();
    advance(Duration.ofMinutes(10));
    soon().until(() -> !CHAT.takenWith(incident).isEmpty());
    assertThat(told(incident))
        .containsExactlyInAnyOrder("hook OPENED", "chat OPENED", "mail OPENED");
  }

  @Test
  void whatItsSenderHasToldDiscordOfIsToldToBeOverThereThoughItIsMuted() {
    var told = send(silenced(), "prod", SignalKind.SERVICE_DOWN, true);
    var untold = send(silenced(), "prod", SignalKind.SERVICE_DOWN, false);

    for (var incident : List.of(told, untold)) {
      for (var event : List.of("ACKNOWLEDGE", "MITIGATE", "RESOLVE")) {
        var path = "/api/v1/incidents/" + incident + "/transitions";
        assertThat(responder().post(path, Map.of("event", event)).status()).isEqualTo(200);
      }
    }

    assertThat(told(told)).containsExactly("discord RESOLVED");
    assertThat(told(untold)).isEmpty();
    soon().until(() -> DISCORD.messagesWith(told).size() == 1);
  }

  private String silenced() {
    var service = freshService();
    mute("/api/v1/silences", service, "PT10M");
    return service;
  }

  @Test
  void aSilenceThatIsMadeBeforeARouteOpensMutesWhatWaitsForIt() {
    if (CLOCK.instant().atOffset(ZoneOffset.UTC).getHour() % 2 == 0) {
      advance(Duration.ofHours(1));
    }
    var incident = send("lab-hours", "lab", SignalKind.THRESHOLD, false);
    mute("/api/v1/silences", "lab-hours", "PT70M");

    advance(Duration.ofHours(1));
    soon()
        .until(() ->
            timeline(incident).contains("Nobody is told: muted by a silence of ann: deploying"));
    assertThat(CHAT.takenWith(incident)).isEmpty();
    assertThat(timeline(incident)).doesNotContain("A route takes it now");

    advance(Duration.ofMinutes(10));
    soon().until(() -> !CHAT.takenWith(incident).isEmpty());
    assertThat(told(incident)).contains("chat OPENED");
  }

  @Test
  void thatNoRouteTakesWhatWasMutedIsSaidWhenTheMuteEnds() {
    mute("/api/v1/silences", "lab-none", "PT10M");
    var incident = send("lab-none", "lab", SignalKind.THRESHOLD, false);
    assertThat(timeline(incident)).doesNotContain("Nobody is told: no route takes it");

    advance(Duration.ofMinutes(10));

    soon().until(() -> timeline(incident).contains("Nobody is told: no route takes it"));
    assertThat(told(incident)).containsExactly("no route OPENED");
  }

  @Test
  void whatTookInAnIncidentThatPeopleKnowIsMutedNoMore() {
    var loud = freshService();
    var known = send(loud, "prod", SignalKind.THRESHOLD, false);
    var silent = freshService();
    for (var service : List.of(silent, loud)) {
      mute("/api/v1/silences", service, "PT10M");
    }
    var muted = send(silent, "prod", SignalKind.THRESHOLD, false);
    assertThat(responder().get("/api/v1/muted").body().toString()).contains(muted);

    responder().post("/api/v1/incidents/" + known + "/merge", Map.of("into", muted));

    assertThat(told(muted)).contains("discord OPENED");
    assertThat(responder().get("/api/v1/muted").body().toString()).doesNotContain(muted);
  }

  @Test
  void whomNoMergeTellsOfWhatIsMutedIsToldWhenTheMuteEnds() {
    var loud = freshService();
    var known = send(loud, "prod", SignalKind.THRESHOLD, false);
    for (var service : List.of("all-29", loud)) {
      mute("/api/v1/silences", service, "PT10M");
    }
    var muted = send("all-29", "prod", SignalKind.THRESHOLD, false);

    responder().post("/api/v1/incidents/" + known + "/merge", Map.of("into", muted));

    assertThat(told(muted)).contains("discord OPENED").doesNotContain("chat OPENED");
    assertThat(responder().get("/api/v1/muted").body().toString()).contains(muted);
    advance(Duration.ofMinutes(10));
    soon().until(() -> !CHAT.takenWith(muted).isEmpty());
    assertThat(told(muted)).contains("hook OPENED", "chat OPENED", "mail OPENED");
  }
}
