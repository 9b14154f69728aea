package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Signals of our own, told of as they change, that go on when people have ended their incident. */
class FiresOnIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private String send(String service, SignalStatus status, Instant at) {
    var signal = signal(service, "high-error-rate", status, Severity.SEV2, at);
    return responder().post("/api/v1/signals", signal).text("incident");
  }

  private String fire(String service) {
    return send(service, SignalStatus.FIRING, CLOCK.instant());
  }

  private void move(String incident, String... events) {
    for (var event : events) {
      send(incident, event);
    }
  }

  private List<JsonNode> of(String service) {
    return responder()
        .get("/api/v1/incidents?service=" + service)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  private int kept() {
    return jdbc.sql("select count(*) from signal_kept").query(Integer.class).single();
  }

  @Test
  void whatFiresOnAfterItsIncidentWasResolvedOpensAnother() {
    var service = freshService();
    var first = fire(service);
    var since = CLOCK.instant();
    advance(Duration.ofMinutes(10));
    move(first, "ACKNOWLEDGE", "MITIGATE", "RESOLVE");
    advance(Duration.ofMinutes(2));
    assertThat(of(service)).hasSize(1);

    advance(Duration.ofSeconds(1));

    soon().until(() -> of(service).size() == 2 && kept() == 0);
    var second = of(service).getFirst();
    assertThat(second.path("state").asString()).isEqualTo("OPEN");
    assertThat(second.path("recurrenceOf").asString()).isEqualTo(first);
    assertThat(second.path("signals").path(0).path("firedAt").asString())
        .isEqualTo(CLOCK.instant().toString());
    assertThat(
            responder()
                .get("/api/v1/incidents/" + second.path("id").asString() + "/timeline")
                .body()
                .toString())
        .contains("high-error-rate fires on since ", "though its incident was resolved");
    // An end that was under way all the time ends it too.
    assertThat(send(service, SignalStatus.CLEARED, since.plusSeconds(1)))
        .isEqualTo(second.path("id").asString());
    assertThat(of(service).getFirst().path("state").asString()).isEqualTo("MITIGATED");
  }

  @Test
  void whatEndedSinceOrWasDismissedOpensNone() {
    var ended = freshService();
    var dismissed = freshService();
    var incident = fire(ended);
    move(incident, "ACKNOWLEDGE", "MITIGATE", "RESOLVE");
    move(fire(dismissed), "DISMISS");
    advance(Duration.ofMinutes(1));
    send(ended, SignalStatus.CLEARED, CLOCK.instant());
    assertThat(kept()).isEqualTo(1);

    advance(Duration.ofMinutes(2));

    soon().until(() -> kept() == 0);
    assertThat(of(ended)).hasSize(1);
    assertThat(of(dismissed)).hasSize(1);
  }

  @Test
  void whatFiresInAnotherIncidentMeanwhileIsNotRaisedTwice() {
    var service = freshService();
    move(fire(service), "ACKNOWLEDGE", "MITIGATE", "RESOLVE");
    advance(Duration.ofMinutes(1));
    send(service, SignalStatus.CLEARED, CLOCK.instant());
    advance(Duration.ofSeconds(10));
    var second = fire(service);

    advance(Duration.ofMinutes(2));

    soon().until(() -> kept() == 0);
    assertThat(of(service)).hasSize(2);
    assertThat(of(service).getFirst().path("signals")).hasSize(1);
    assertThat(of(service).getFirst().path("id").asString()).isEqualTo(second);
  }

  @Test
  void whatWasDismissedSinceOpensNone() {
    var service = freshService();
    move(fire(service), "ACKNOWLEDGE", "MITIGATE", "RESOLVE");
    advance(Duration.ofSeconds(10));
    send(service, SignalStatus.CLEARED, CLOCK.instant());
    advance(Duration.ofSeconds(10));
    move(fire(service), "DISMISS");

    advance(Duration.ofMinutes(2));

    soon().until(() -> kept() == 0);
    assertThat(of(service)).hasSize(2);
  }
}
