package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** More incidents that nobody was told of than are looked at in one go. */
class ManyWaitingIT extends RunningService {
  private static final int MANY = 210;

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
  }

  private static String alert(String service, String status, Instant at) {
    return """
    {"status":"%s","labels":{"alertname":"Slow","service":"%s","namespace":"lab",
     "severity":"warning"},"annotations":{"summary":"slow"},"startsAt":"%s","endsAt":"%s",
     "fingerprint":"%s"}\
    """
        .formatted(
            status,
            service,
            at,
            status.equals("firing") ? "0001-01-01T00:00:00Z" : CLOCK.instant(),
            service);
  }

  private void alerts(String prefix, String status, Instant at) {
    var all =
        IntStream.range(0, MANY)
            .mapToObj(i -> alert(prefix + i, status, at))
            .collect(Collectors.joining(","));
    var answer =
        responder()
            .post(
                "/api/v1/alertmanager",
                """
                {"receiver":"w","status":"%s","version":"4","groupKey":"k","truncatedAlerts":0,
                 "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://a",
                 "alerts":[%s]}
                """
                    .formatted(status, all));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  private long count(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }

  @Test
  void theMutedBehindManyOthersIsToldWhenItsSilenceEnds() {
    var prefix = freshService() + "-many-";
    silence(prefix + "*", "PT8H");
    var begun = CLOCK.instant();
    alerts(prefix, "firing", begun);
    advance(Duration.ofSeconds(1));
    var service = freshService();
    silence(service, "PT10M");
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
            .text("incident");
    assertThat(count("select count(*) from incident_mute")).isGreaterThan(MANY);

    advance(Duration.ofMinutes(10));

    soon().until(() -> !DISCORD.messagesWith(incident).isEmpty());
    alerts(prefix, "resolved", begun);
  }

  private void silence(String service, String duration) {
    var answer =
        responder()
            .post(
                "/api/v1/silences",
                Map.of(
                    "matchers",
                    Map.of("services", List.of(service)),
                    "reason",
                    "a test",
                    "duration",
                    duration));
    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void theUnroutedBehindManyOthersIsToldWhenARouteTakesIt() {
    var prefix = freshService() + "-many-";
    var begun = CLOCK.instant();
    alerts(prefix, "firing", begun);
    var service = freshService();
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
            .text("incident");
    soon().until(() -> !DISCORD.messagesWith(incident).isEmpty());
    // As if no route had taken it: an edit of the catalog is what changes that.
    jdbc.sql(
            "update notification set channel = 'no route' where incident_id = ? and kind = 'OPENED'")
        .param(java.util.UUID.fromString(incident))
        .update();

    soon()
        .until(() ->
            responder()
                .get("/api/v1/incidents/" + incident + "/timeline")
                .body()
                .toString()
                .contains("A route takes it now"));
    alerts(prefix, "resolved", begun);
  }
}
