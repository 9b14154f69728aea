package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Incidents that a person declared, and that signals join. */
class DeclaredIT extends RunningService {
  private String declare(String service) {
    return responder()
        .post(
            "/api/v1/incidents",
            Map.of(
                "title", "Orders are lost", "service", service, "env", "prod", "severity", "SEV2"))
        .text("id");
  }

  private String send(String service, SignalStatus status) {
    advance(Duration.ofSeconds(1));
    return responder().post("/api/v1/signals", signal(service, "r", status)).text("incident");
  }

  private String state(String id) {
    return responder().get("/api/v1/incidents/" + id).text("state");
  }

  private List<String> said(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline?limit=200")
        .body()
        .path("items")
        .valueStream()
        .map(e -> e.path("summary").asString())
        .filter(s -> s.startsWith("all signals cleared"))
        .toList();
  }

  @Test
  void thatItsSignalsClearedDoesNotEndIt() {
    var service = freshService();
    var id = declare(service);
    assertThat(send(service, SignalStatus.FIRING)).isEqualTo(id);

    send(service, SignalStatus.CLEARED);

    assertThat(state(id)).isEqualTo("OPEN");
    assertThat(said(id))
        .containsExactly("all signals cleared; declared by hand, so a person ends it");
    advance(Duration.ofHours(2));
    assertThat(send(service, SignalStatus.FIRING)).isEqualTo(id);
  }

  @Test
  void aPersonEndsIt() {
    var service = freshService();
    var id = declare(service);
    send(service, SignalStatus.FIRING);
    send(service, SignalStatus.CLEARED);

    for (var event : new String[] {"ACKNOWLEDGE", "MITIGATE", "RESOLVE"}) {
      assertThat(
              responder()
                  .post("/api/v1/incidents/" + id + "/transitions", Map.of("event", event))
                  .status())
          .isEqualTo(200);
    }

    assertThat(state(id)).isEqualTo("RESOLVED");
  }

  @Test
  void aFlappingSignalThatCalmsDownDoesNotEndItEither() {
    var service = freshService();
    var id = declare(service);
    for (int i = 0; i < 5; i++) {
      send(service, SignalStatus.FIRING);
      send(service, SignalStatus.CLEARED);
    }
    assertThat(responder().get("/api/v1/incidents/" + id).body().path("flapping").asBoolean())
        .isTrue();
    int before = said(id).size();

    advance(Duration.ofMinutes(6));

    await().atMost(Duration.ofSeconds(15)).until(() -> said(id).size() == before + 1);
    assertThat(state(id)).isEqualTo("OPEN");
  }
}
