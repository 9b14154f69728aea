package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The draft for an incident whose signal came back. */
class FiredTwiceIT extends RunningService {
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
