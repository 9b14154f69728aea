package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api.Answer;
import dev.watchtower.incident.RunningService;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** JSON that is well-formed and of the right form, and yet says what nothing can be made of. */
class BadBodiesIT extends RunningService {
  private static void refused(Answer answer, String path) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo(path);
  }

  @Test
  void aLabelOfAnAlertThatIsNoTextIsRefused() {
    var body =
        """
        {"version":"4","alerts":[{"status":"firing","labels":{"alertname":"X","severity":null},
          "startsAt":"2026-03-02T10:00:00Z"}]}
        """;

    refused(responder().post("/api/v1/alertmanager", body), "alerts[0].labels.severity");
  }

  @Test
  void labelsWhoseLongNamesAreTheSameOnceCutAreTaken() {
    var name = "x".repeat(300);
    var body =
        """
        {"version":"4","alerts":[{"status":"firing","labels":{"%1$sa":"1","%1$sb":"2"},
          "startsAt":"%2$s"}]}
        """
            .formatted(name, CLOCK.instant());

    assertThat(responder().post("/api/v1/alertmanager", body).status()).isEqualTo(200);
  }

  @Test
  void nothingInAListOfWhatIsMutedIsRefused() {
    var matchers = "{\"services\":[\"a\"]}";
    refused(
        responder()
            .post(
                "/api/v1/silences",
                "{\"matchers\":{\"severities\":[null]},\"reason\":\"r\",\"duration\":\"PT1H\"}"),
        "matchers.severities[0]");
    for (var bad :
        new String[][] {
          {"\"days\":[null],\"at\":\"02:00\",\"duration\":\"PT1H\"", "recurring.days[0]"},
          {"\"at\":\"02:00\",\"duration\":\"PT0.5S\"", "recurring.duration"}
        }) {
      refused(
          responder()
              .post(
                  "/api/v1/maintenance-windows",
                  "{\"matchers\":%s,\"reason\":\"r\",\"recurring\":{\"timeZone\":\"UTC\",%s}}"
                      .formatted(matchers, bad[0])),
          bad[1]);
    }
  }

  @Test
  void anEmptyListOfWhatIsMutedIsRefusedForItWouldMuteAll() {
    for (var part : List.of("services", "environments", "severities", "rules", "labels")) {
      var empty = part.equals("labels") ? "{}" : "[]";
      var other = part.equals("severities") ? "\"rules\":[\"x\"]" : "\"severities\":[\"SEV4\"]";
      var body =
          "{\"matchers\":{\"%s\":%s,%s},\"reason\":\"r\",\"duration\":\"PT1H\"}"
              .formatted(part, empty, other);
      for (var path : List.of("silences", "silences/preview", "maintenance-windows")) {
        refused(responder().post("/api/v1/" + path, body), "matchers." + part);
      }
    }
  }

  @Test
  void whatHasNoEndIsCalledByItsName() {
    var body = "{\"matchers\":{\"services\":[\"a\"]},\"reason\":\"r\"}";
    for (var path : List.of("silences", "maintenance-windows")) {
      var answer = responder().post("/api/v1/" + path, body);
      refused(answer, "endsAt");
      assertThat(answer.body().path("errors").path(0).path("message").asString())
          .contains(path.equals("silences") ? "silence" : "window");
    }
  }

  @Test
  void nothingAmongTheSignalsToSplitOffIsRefused() {
    var incident =
        responder()
            .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");

    refused(
        responder()
            .post("/api/v1/incidents/" + incident + "/split", "{\"fingerprints\":[\"x\",null]}"),
        "fingerprints[1]");
  }

  @Test
  void nothingAmongWhatAnAnalysisFoundIsRefused() {
    var incident =
        responder()
            .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");
    var analysis =
        """
        {"id":"%s","incidentId":"%s","status":"DONE","source":"STATISTICAL","candidates":[null],
         "hypotheses":[],"suggestions":[],"evidence":[],"tokens":0,"millis":12,
         "createdAt":"2026-03-02T10:00:00Z"}
        """
            .formatted(UUID.randomUUID(), incident);

    refused(
        asService("analysis", Scope.ANALYSIS_WRITE)
            .post("/api/v1/incidents/" + incident + "/analysis", analysis),
        "candidates[0]");
  }

  @Test
  void nothingBetweenTheCommasOfAFilterIsRefused() {
    refused(responder().get("/api/v1/incidents?state=OPEN,"), "state");
    refused(responder().get("/api/v1/incidents?severity=,SEV1"), "severity");
  }
}
