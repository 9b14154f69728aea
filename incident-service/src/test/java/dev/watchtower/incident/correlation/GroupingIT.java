package dev.watchtower.incident.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GroupingIT extends RunningCorrelation {
  @Test
  void aMergeGivesTheSignalsToTheOtherIncidentAndIsRecordedOnBoth() {
    var serviceA = freshService();
    var serviceB = freshService();
    var a = fire(serviceA, "r");
    var b = fire(serviceB, "r");

    var merged =
        responder()
            .post("/api/v1/incidents/" + b + "/merge", Map.of("into", a, "comment", "same switch"));

    assertThat(merged.status()).isEqualTo(200);
    assertThat(merged.text("id")).isEqualTo(a);
    assertThat(incident(a).path("signals")).hasSize(2);
    assertThat(incident(b).path("state").asString()).isEqualTo("RESOLVED");
    assertThat(timeline(a)).contains("was merged into this one: same switch");
    assertThat(timeline(b)).contains("merged into #").contains("same switch");
    assertThat(isWhole(a) && isWhole(b)).isTrue();
    // What the merged signal does from now on, it does there.
    advance(Duration.ofSeconds(5));
    assertThat(
            responder()
                .post("/api/v1/signals", signal(serviceB, "r", SignalStatus.CLEARED))
                .text("incident"))
        .isEqualTo(a);
    // And it is no false alarm.
    assertThat(
            responder()
                .get("/api/v1/measures?service=" + serviceB)
                .body()
                .path("all")
                .path("dismissed")
                .asInt())
        .isZero();
  }

  @Test
  void thePostmortemOfWhatWasMergedSaysWhereItGoesOn() {
    var a = fire(freshService(), "r");
    var b = fire(freshService(), "r");
    var analysis =
        """
        {"id":"%s","incidentId":"%s","status":"DONE","source":"STATISTICAL","candidates":[],
         "hypotheses":[],"suggestions":[{"text":"Roll it back","kind":"ROLLBACK","evidence":[]}],
         "evidence":[],"tokens":0,"millis":12,"createdAt":"2026-03-02T10:00:00Z"}
        """
            .formatted(UUID.randomUUID(), b);
    var taken =
        asService("analysis", Scope.ANALYSIS_WRITE)
            .post("/api/v1/incidents/" + b + "/analysis", analysis);
    assertThat(taken.status()).isEqualTo(202);
    responder().post("/api/v1/incidents/" + b + "/tasks", Map.of("text", "Call the supplier"));

    responder()
        .post("/api/v1/incidents/" + b + "/merge", Map.of("into", a, "comment", "same switch"));
    await().until(() -> responder().get("/api/v1/incidents/" + b + "/postmortem").status() == 200);

    var document =
        responder().text("/api/v1/incidents/" + b + "/postmortem", "text/markdown").body();
    assertThat(document)
        .contains(
            "It goes on in another incident: merged into \\#%d: same switch"
                .formatted(incident(a).path("number").asInt()),
            "Call the supplier")
        .doesNotContain("false alarm", "Nobody acknowledged it", "Roll it back");
  }

  @Test
  void whatTakesADeclaredIncidentInIsLeftToAPersonToo() {
    var service = freshService();
    var into = fire(service, "r");
    var declared =
        responder()
            .post(
                "/api/v1/incidents",
                Map.of("title", "x", "service", freshService(), "env", "prod", "severity", "SEV2"))
            .text("id");

    responder().post("/api/v1/incidents/" + declared + "/merge", Map.of("into", into));
    advance(Duration.ofSeconds(5));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));

    assertThat(incident(into).path("state").asString()).isEqualTo("OPEN");
    assertThat(timeline(into)).contains("declared by hand, so a person ends it");
  }

  @Test
  void aSplitOpensAnIncidentOfItsOwnWhichKeepsItsSignals() {
    var joint = fire("g13-back", "r");
    assertThat(fire("g13-front", "r")).isEqualTo(joint);

    var split =
        responder()
            .post(
                "/api/v1/incidents/" + joint + "/split",
                Map.of("fingerprints", List.of("r|g13-front"), "comment", "another cause"));

    assertThat(split.status()).isEqualTo(200);
    assertThat(split.text("service")).isEqualTo("g13-front");
    assertThat(split.body().path("signals")).hasSize(1);
    assertThat(incident(joint).path("signals")).hasSize(1);
    assertThat(timeline(joint)).contains("Split off into an incident of its own: 1 of g13-front");
    assertThat(timeline(split.text("id"))).contains("Split off incident #");
    advance(Duration.ofSeconds(5));
    assertThat(fire("g13-front", "r2")).isEqualTo(split.text("id"));
    assertThat(isWhole(joint) && isWhole(split.text("id"))).isTrue();
  }

  @Test
  void whatAPersonSplitOffNoPolicyTakesInAgain() {
    var joint = fire("kept-db", "r");
    assertThat(fire("kept-1", "r")).isEqualTo(joint);
    assertThat(fire("kept-2", "r")).isEqualTo(joint);
    var split =
        responder()
            .post(
                "/api/v1/incidents/" + joint + "/split",
                Map.of("fingerprints", List.of("r|kept-1"), "comment", "another cause"))
            .text("id");
    advance(Duration.ofSeconds(5));

    assertThat(fire("kept-db", "r2")).isEqualTo(joint);

    assertThat(incident(split).path("state").asString()).isEqualTo("OPEN");
    assertThat(timeline(joint)).doesNotContain("was merged into this one");
  }

  @Test
  void whatACalleeWasSplitOffStaysApartFromIt() {
    var joint = fire("g19-front", "r");
    assertThat(fire("g19-mid", "r", Severity.SEV3)).isEqualTo(joint);
    var split =
        responder()
            .post(
                "/api/v1/incidents/" + joint + "/split",
                Map.of("fingerprints", List.of("r|g19-mid"), "comment", "another cause"))
            .text("id");
    advance(Duration.ofSeconds(5));

    assertThat(fire("g19-mid", "r2")).isEqualTo(split);

    assertThat(incident(joint).path("state").asString()).isEqualTo("OPEN");
    assertThat(timeline(split)).doesNotContain("was merged into this one");
  }

  @Test
  void whatIsNotPossibleIsRefusedWithAReasonAndChangesNothing() {
    var service = freshService();
    var a = fire(service, "r");
    var done = fire(freshService(), "r");
    responder()
        .post(
            "/api/v1/incidents/" + done + "/transitions",
            Map.of("event", "DISMISS", "comment", "x"));

    assertThat(responder().post("/api/v1/incidents/" + a + "/merge", Map.of("into", a)).status())
        .isEqualTo(409);
    assertThat(responder().post("/api/v1/incidents/" + a + "/merge", Map.of("into", done)).status())
        .isEqualTo(409);
    assertThat(
            responder()
                .post(
                    "/api/v1/incidents/" + a + "/split",
                    Map.of("fingerprints", List.of("r|" + service)))
                .status())
        .isEqualTo(409);
    assertThat(incident(a).path("state").asString()).isEqualTo("OPEN");
  }
}
