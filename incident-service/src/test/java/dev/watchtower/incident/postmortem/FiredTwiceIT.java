package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The draft for an incident whose signal came back, or flapped. */
class FiredTwiceIT extends RunningService {
  private void change(String service, SignalStatus status) {
    advance(Duration.ofSeconds(20));
    responder().post("/api/v1/signals", signal(service, "r", status));
  }

  private String impactOf(String incident) {
    var path = "/api/v1/incidents/" + incident + "/postmortem";
    await().atMost(Duration.ofSeconds(15)).until(() -> responder().get(path).status() == 200);
    return responder().get(path).body().path("sections").path("impact").path("text").asString();
  }

  private void fireAndClear(String service, int times) {
    for (int i = 0; i < times; i++) {
      change(service, SignalStatus.FIRING);
      change(service, SignalStatus.CLEARED);
    }
  }

  private String incidentOf(String service) {
    return responder()
        .get("/api/v1/incidents?service=" + service)
        .body()
        .path("items")
        .path(0)
        .path("id")
        .asString();
  }

  /** With the eighth change it flaps; from there on nothing is told. */
  @Test
  void whatFlapsFiredOnAndOffToTheEnd() {
    var service = freshService();
    fireAndClear(service, 34);
    var incident = incidentOf(service);
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");

    assertThat(impactOf(incident))
        .containsPattern(
            "\\. Fired at [^;]*; 20 s, until [^;]*\\. Fired again at [^;]*; 20 s, until [^;]*\\. "
                + "Fired again at [^;]*; 20 s, until [^;]*\\. "
                + "Fired again at [^;]*; 20 min 20 s on and off, until [^;]* UTC\\.");
  }

  @Test
  void whatFiresOnceMoreAfterItWasCalmDidNotFireInBetween() {
    var service = freshService();
    fireAndClear(service, 10);
    var incident = incidentOf(service);
    advance(Duration.ofMinutes(5));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            !responder().get("/api/v1/incidents/" + incident).body().path("flapping").asBoolean());
    fireAndClear(service, 1);
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");

    assertThat(impactOf(incident))
        .containsPattern(
            "Fired again at [^;]*; 4 min 20 s on and off, until [^;]*\\. "
                + "Fired again at [^;]*; 20 s, until [^;]* UTC\\.");
  }

  @Test
  void itSaysEachTimeInWhichASignalFiredAndThatNobodyTookItUp() {
    var service = freshService();
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING));
    advance(Duration.ofSeconds(41));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));
    advance(Duration.ofSeconds(60));
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
            .text("incident");
    advance(Duration.ofSeconds(25));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));
    send(incident, "RESOLVE");
    var path = "/api/v1/incidents/" + incident + "/postmortem";
    await().atMost(Duration.ofSeconds(15)).until(() -> responder().get(path).status() == 200);

    var sections = responder().get(path).body().path("sections");

    assertThat(sections.path("impact").path("text").asString())
        .containsPattern(
            "\\. Fired at [^;]* UTC; 41 s, until [^;]* UTC\\. "
                + "Fired again at [^;]* UTC; 25 s, until [^;]* UTC\\.");
    assertThat(sections.path("summary").path("text").asString())
        .contains("acknowledged by nobody, mitigated after 2 min 6 s, resolved after 2 min 6 s.")
        .doesNotContain("–");
  }
}
