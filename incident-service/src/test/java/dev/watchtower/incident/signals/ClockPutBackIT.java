package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is sent after the clock, which was an hour ahead, was put back. */
class ClockPutBackIT extends RunningService {
  private static final Duration AHEAD = Duration.ofHours(1);

  private boolean ahead;

  @BeforeEach
  void ahead() {
    advance(AHEAD);
    ahead = true;
  }

  @AfterEach
  void right() {
    if (ahead) {
      putBack();
    }
  }

  private void putBack() {
    advance(AHEAD.negated());
    ahead = false;
  }

  private JsonNode send(String service, SignalStatus status) {
    advance(Duration.ofSeconds(5));
    var signal = signal(service, "high-error-rate", status, Severity.SEV2, CLOCK.instant());
    return responder().post("/api/v1/signals", signal).body();
  }

  private List<String> statesOf(String service) {
    return responder()
        .get("/api/v1/incidents?service=" + service)
        .body()
        .path("items")
        .valueStream()
        .map(incident -> incident.path("state").asString())
        .toList();
  }

  @Test
  void theEndOfWhatFiredBeforeCountsAndWhatFiresAnewIsTold() {
    var service = freshService();
    var incident = send(service, SignalStatus.FIRING).path("incident").asString();
    putBack();

    assertThat(send(service, SignalStatus.CLEARED).path("incident").asString()).isEqualTo(incident);
    assertThat(statesOf(service)).containsExactly("MITIGATED");

    send(incident, "RESOLVE");
    assertThat(send(service, SignalStatus.FIRING).path("effect").asString()).isEqualTo("OPENED");
    assertThat(send(service, SignalStatus.CLEARED).path("effect").asString()).isEqualTo("CLEARED");
    assertThat(statesOf(service)).containsExactly("MITIGATED", "RESOLVED");
  }

  @Test
  void whatBeganAndEndedBeforeHidesNothing() {
    var service = freshService();
    var incident = send(service, SignalStatus.FIRING).path("incident").asString();
    send(service, SignalStatus.CLEARED);
    send(incident, "RESOLVE");
    putBack();

    assertThat(send(service, SignalStatus.FIRING).path("effect").asString()).isEqualTo("OPENED");
    assertThat(statesOf(service)).containsExactly("OPEN", "RESOLVED");
  }

  @Test
  void whatEndedSinceDoesNotFireOn() {
    var service = freshService();
    var incident = send(service, SignalStatus.FIRING).path("incident").asString();
    putBack();
    for (var event : List.of("ACKNOWLEDGE", "MITIGATE", "RESOLVE")) {
      send(incident, event);
    }
    assertThat(send(service, SignalStatus.CLEARED).path("effect").asString()).isEqualTo("IGNORED");

    advance(Duration.ofMinutes(3));

    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> jdbc.sql("select count(*) from signal_kept").query(Integer.class).single() == 0);
    assertThat(statesOf(service)).containsExactly("RESOLVED");
  }

  @Test
  void whatIsSentInTheLastMinuteBeforeTheClockIsWhereItWasCounts() {
    var service = freshService();
    var incident = send(service, SignalStatus.FIRING).path("incident").asString();
    send(service, SignalStatus.CLEARED);
    send(incident, "RESOLVE");
    putBack();
    advance(AHEAD.minusSeconds(45));

    assertThat(send(service, SignalStatus.FIRING).path("effect").asString()).isEqualTo("OPENED");
    advance(Duration.ofSeconds(5));
    assertThat(send(service, SignalStatus.CLEARED).path("effect").asString()).isEqualTo("CLEARED");
    advance(Duration.ofSeconds(45));
    assertThat(send(service, SignalStatus.FIRING).path("effect").asString()).isEqualTo("JOINED");
    assertThat(statesOf(service)).containsExactly("INVESTIGATING", "RESOLVED");
  }

  private String change(String service, int times, Duration pause) {
    var incident = "";
    for (int i = 0; i < times; i++) {
      advance(pause);
      incident =
          send(service, i % 2 == 0 ? SignalStatus.FIRING : SignalStatus.CLEARED)
              .path("incident")
              .asString();
    }
    return incident;
  }

  private boolean isFlapping(String incident) {
    return responder().get("/api/v1/incidents/" + incident).body().path("flapping").asBoolean();
  }

  @Test
  void changesCountAsFlappingByTheTimeBetweenThem() {
    var service = freshService();
    var more = Duration.ofHours(23);
    advance(more);
    change(service, 4, Duration.ofMinutes(11));
    advance(more.negated());
    putBack();

    var incident = change(service, 4, Duration.ofMinutes(11));
    assertThat(isFlapping(incident)).isFalse();
    assertThat(statesOf(service)).containsExactly("MITIGATED");

    assertThat(change(service, 8, Duration.ofSeconds(5))).isEqualTo(incident);
    assertThat(isFlapping(incident)).isTrue();
  }
}
