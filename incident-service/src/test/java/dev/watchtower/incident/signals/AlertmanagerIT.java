package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.incident.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alertmanager's webhook, version 4, as it comes from Alertmanager. */
class AlertmanagerIT extends RunningService {
  private static String group(
      String service, String status, Instant starts, Instant ends, int truncated) {
    return """
    {"receiver":"watchtower","status":"%1$s","version":"4","groupKey":"{}:{alertname=\\"X\\"}",
     "truncatedAlerts":%5$d,"groupLabels":{"alertname":"HighErrors"},"commonLabels":{},
     "commonAnnotations":{},"externalURL":"http://am.example",
     "alerts":[{"status":"%1$s","labels":{"alertname":"HighErrors","service":"%2$s",
       "namespace":"prod","severity":"critical"},
       "annotations":{"summary":"Many errors on %2$s"},
       "startsAt":"%3$s","endsAt":"%4$s","generatorURL":"http://prom.example/graph",
       "fingerprint":"fp-%2$s"}]}
    """
        .formatted(status, service, starts, ends, truncated);
  }

  private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  private JsonNode theIncident(String service) {
    return responder().get("/api/v1/incidents?service=" + service).body().path("items").path(0);
  }

  private static String two(String service, String status, Instant begun, Instant end) {
    var alert =
        """
        {"status":"%s","labels":{"alertname":"%s","service":"%s","namespace":"prod",
         "severity":"%s"},"annotations":{"summary":"%s"},"startsAt":"%s","endsAt":"%s",
         "fingerprint":"%s"}\
        """;
    return "{\"version\":\"4\",\"status\":\"%s\",\"alerts\":[%s,%s]}"
        .formatted(
            status,
            alert.formatted(
                status, "Gone", service, "critical", "The disk is gone", begun, end, "a" + service),
            alert.formatted(
                status, "Queue", service, "info", "The queue is long", begun, end, "b" + service));
  }

  @Test
  void whatEndsTogetherKeepsTheTitleOfTheWorst() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant();
    api.post("/api/v1/alertmanager", two(service, "firing", begun, NEVER));
    assertThat(theIncident(service).path("title").asString()).contains("disk");
    advance(Duration.ofMinutes(1));

    api.post("/api/v1/alertmanager", two(service, "resolved", begun, CLOCK.instant()));

    assertThat(theIncident(service).path("state").asString()).isEqualTo("MITIGATED");
    assertThat(theIncident(service).path("title").asString()).contains("disk");
  }

  @Test
  void alertsOpenRepeatAndClear() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(30);

    var first = api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    var repeated = api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));

    assertThat(first.status()).as(first.body().toString()).isEqualTo(200);
    assertThat(first.body().path("taken").asInt()).isEqualTo(1);
    assertThat(repeated.body().path("repeated").asInt()).isEqualTo(1);
    assertThat(theIncident(service).path("severity").asString()).isEqualTo("SEV1");
    assertThat(theIncident(service).path("env").asString()).isEqualTo("prod");

    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    assertThat(theIncident(service).path("state").asString()).isEqualTo("MITIGATED");
  }

  @Test
  void theAddressAndTheScopeOfThePageAreRight() throws IOException {
    var page = Files.readString(Path.of("../docs/senders/alertmanager.md"));
    var path = inPage(page, "url: http://127\\.0\\.0\\.1:8082(/\\S+)");
    var scope = Scope.of(inPage(page, "token create --name \\S+ --scope (\\S+)"));

    var answer =
        asMachine("alertmanager", scope)
            .post(path, group(freshService(), "firing", CLOCK.instant(), NEVER, 0));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(page).contains("authorization: {credentials: wt_");
  }

  private static String inPage(String page, String pattern) {
    var found = Pattern.compile(pattern).matcher(page);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  @Test
  void saysOnTheTimelineWhatAlertmanagerLeftOut() {
    var service = freshService();
    responder().post("/api/v1/alertmanager", group(service, "firing", CLOCK.instant(), NEVER, 17));

    var id = theIncident(service).path("id").asString();
    assertThat(responder().get("/api/v1/incidents/" + id + "/timeline").body().toString())
        .contains("left out 17 alerts");
  }

  @Test
  void whatIsLeftOutOfARepetitionIsSaidOnceAndAgainWhenItIsMuchMore() {
    var service = freshService();
    var begun = CLOCK.instant();
    for (int truncated : List.of(0, 10, 10, 15, 21)) {
      var answer =
          responder()
              .post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, truncated));
      assertThat(answer.body().path("truncated").asInt()).isEqualTo(truncated);
    }

    var id = theIncident(service).path("id").asString();
    assertThat(
            responder()
                .get("/api/v1/incidents/" + id + "/timeline")
                .body()
                .path("items")
                .valueStream()
                .map(e -> e.path("data").path("truncatedAlerts").asInt(0))
                .filter(n -> n > 0))
        .containsExactly(10, 21);
  }

  @Test
  void anAlertThatFiresAnewIsANewSignalAndALateRepetitionOfTheOldOneIsNot() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    var ended = begun.plusSeconds(20);
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, ended, 0));
    assertThat(theIncident(service).path("state").asString()).isEqualTo("MITIGATED");

    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(theIncident(service).path("state").asString()).isEqualTo("MITIGATED");

    api.post("/api/v1/alertmanager", group(service, "firing", ended.plusSeconds(5), NEVER, 0));
    assertThat(theIncident(service).path("state").asString()).isEqualTo("INVESTIGATING");
  }

  @Test
  void anAlertThatGoesOnWithItsOldStartAfterAnEndFiresAnewOnce() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    advance(Duration.ofMinutes(6));
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(theIncident(service).path("state").asString())
        .as("it may be a late report")
        .isEqualTo("MITIGATED");
    advance(Duration.ofSeconds(1));

    // It fires anew by what was reported before too.
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    var repeated = api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));

    assertThat(repeated.body().path("repeated").asInt()).isEqualTo(1);
    var incident = theIncident(service);
    assertThat(incident.path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(incident.path("signals").path(0).path("firedAt").asString())
        .isEqualTo(CLOCK.instant().toString());
    advance(Duration.ofSeconds(30));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    assertThat(theIncident(service).path("state").asString()).isEqualTo("MITIGATED");
  }

  @Test
  void anAlertThatFiresOnAfterAPersonEndedItsIncidentOpensAnother() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    var first = theIncident(service).path("id").asString();
    for (var event : List.of("ACKNOWLEDGE", "MITIGATE", "RESOLVE")) {
      send(first, event);
    }
    advance(Duration.ofSeconds(119));
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(theIncident(service).path("id").asString()).isEqualTo(first);
    advance(Duration.ofSeconds(2));

    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));

    var second = theIncident(service);
    assertThat(second.path("state").asString()).isEqualTo("OPEN");
    assertThat(second.path("recurrenceOf").asString()).isEqualTo(first);
    assertThat(responder().get("/api/v1/incidents?service=" + service).body().path("items"))
        .hasSize(2);
  }

  @Test
  void anAlertThatWasDismissedIsQuietUntilItClears() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    var first = theIncident(service).path("id").asString();
    send(first, "DISMISS");

    // Alertmanager repeats what goes on firing.
    for (int i = 0; i < 3; i++) {
      advance(Duration.ofHours(4));
      api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
      assertThat(theIncident(service).path("id").asString()).isEqualTo(first);
    }
    assertThat(kept()).isZero();
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    advance(Duration.ofMinutes(1));
    api.post("/api/v1/alertmanager", group(service, "firing", CLOCK.instant(), NEVER, 0));

    var second = theIncident(service);
    assertThat(second.path("state").asString()).isEqualTo("OPEN");
    assertThat(second.path("id").asString()).isNotEqualTo(first);
  }

  @Test
  void anAlertWhoseStartIsNotSetBeginsWhenItComesAndIsOneAsLongAsItFires() {
    var api = responder();
    var service = freshService();
    api.post("/api/v1/alertmanager", group(service, "firing", NEVER, NEVER, 0));
    var begun = CLOCK.instant();
    advance(Duration.ofMinutes(5));
    api.post("/api/v1/alertmanager", group(service, "firing", NEVER, NEVER, 0));

    var incident = theIncident(service);
    assertThat(incident.path("signals").path(0).path("firedAt").asString())
        .isEqualTo(begun.toString());
    api.post("/api/v1/alertmanager", group(service, "resolved", NEVER, NEVER, 0));
    assertThat(state(service)).isEqualTo("MITIGATED");

    advance(Duration.ofMinutes(5));
    api.post("/api/v1/alertmanager", group(service, "firing", NEVER, NEVER, 0));
    assertThat(state(service)).isEqualTo("INVESTIGATING");
    assertThat(theIncident(service).path("id")).isEqualTo(incident.path("id"));
  }

  private String state(String service) {
    return theIncident(service).path("state").asString();
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  @Test
  void whatGoesOnSoonAfterItsEndFiresAnewOnceNoEndHasComeForAWhile() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    advance(Duration.ofSeconds(40));

    // Alertmanager does not repeat that for hours.
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(state(service)).isEqualTo("MITIGATED");
    advance(Duration.ofMinutes(6).plusSeconds(1));

    soon().until(() -> state(service).equals("INVESTIGATING"));
    soon().until(() -> kept() == 0);
    advance(Duration.ofSeconds(30));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, CLOCK.instant(), 0));
    assertThat(state(service)).isEqualTo("MITIGATED");
  }

  @Test
  void aReplicaThatTellsStartAndEndLateFiresNothing() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    var ended = CLOCK.instant();
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, ended, 0));
    advance(Duration.ofMinutes(4));

    // The second replica; the end comes a group interval after its start.
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(state(service)).isEqualTo("MITIGATED");
    advance(Duration.ofMinutes(5));
    assertThat(jdbc.sql("select due_at from signal_kept").query(OffsetDateTime.class).single())
        .isAfter(CLOCK.instant().atOffset(ZoneOffset.UTC));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, ended, 0));

    assertThat(kept()).isZero();
    assertThat(state(service)).isEqualTo("MITIGATED");
  }

  @Test
  void aLateReportThatIsFollowedByAnEndFiresNothing() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant().minusSeconds(60);
    var ended = CLOCK.instant();
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    api.post("/api/v1/alertmanager", group(service, "resolved", begun, ended, 0));
    api.post("/api/v1/alertmanager", group(service, "firing", begun, NEVER, 0));
    assertThat(kept()).isEqualTo(1);

    api.post("/api/v1/alertmanager", group(service, "resolved", begun, ended, 0));

    assertThat(kept()).isZero();
    assertThat(state(service)).isEqualTo("MITIGATED");
  }

  private int kept() {
    return jdbc.sql("select count(*) from signal_kept").query(Integer.class).single();
  }

  @Test
  void takesNothingOfAGroupThatItCannotRead() {
    var service = freshService();
    var body =
        group(service, "firing", CLOCK.instant(), NEVER, 0)
            .replace("\"status\":\"firing\",\"labels\"", "\"status\":\"burning\",\"labels\"");

    var answer = responder().post("/api/v1/alertmanager", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString())
        .isEqualTo("alerts[0].status");
    assertThat(theIncident(service).isMissingNode()).isTrue();
    assertThat(
            responder().post("/api/v1/alertmanager", "{\"version\":\"3\",\"alerts\":[]}").status())
        .isEqualTo(400);
  }
}
