package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class PostmortemIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private String path(String incident) {
    return "/api/v1/incidents/" + incident + "/postmortem";
  }

  /** An incident that was taken up after two minutes and over after twelve. */
  private String resolved(String service) {
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
            .text("incident");
    advance(Duration.ofMinutes(2));
    send(incident, "ACKNOWLEDGE");
    advance(Duration.ofMinutes(5));
    responder().post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.CLEARED));
    advance(Duration.ofMinutes(5));
    send(incident, "RESOLVE");
    return incident;
  }

  private String drafted(String service) {
    var incident = resolved(service);
    soon().until(() -> responder().get(path(incident)).status() == 200);
    return incident;
  }

  @Test
  void itIsDraftedFromWhatWasRecordedWhenTheIncidentResolves() {
    var service = freshService();
    var open =
        responder()
            .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");
    assertThat(responder().get(path(open)).status()).isEqualTo(404);
    assertThat(responder().put(path(open), edit(1, "x")).status()).isEqualTo(409);
    assertThat(responder().get(path(UUID.randomUUID().toString())).status()).isEqualTo(404);

    var body = responder().get(path(drafted(service))).body();

    assertThat(body.path("revision").asInt()).isEqualTo(1);
    var sections = body.path("sections");
    assertThat(sections.path("summary").path("text").asString())
        .contains("acknowledged after 2 min 0 s, mitigated after 7 min 0 s, resolved after 12 min");
    assertThat(sections.path("impact").path("text").asString())
        .contains("high-error-rate on " + service, "7 min 0 s");
    assertThat(sections.path("timeline").path("text").asString())
        .contains("high-error-rate cleared");
    assertThat(sections.path("causes").path("text").asString()).startsWith("No cause is known");
    assertThat(sections.path("summary").path("editedBy").isNull()).isTrue();
  }

  @Test
  void howLongItTookToBeDetectedIsOfTheSignalThatOpenedIt() {
    var service = freshService();
    var at = CLOCK.instant();
    advance(Duration.ofSeconds(7));
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING, Severity.SEV2, at))
            .text("incident");
    advance(Duration.ofSeconds(5));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));
    advance(Duration.ofSeconds(5));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING));
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    soon().until(() -> responder().get(path(incident)).status() == 200);

    assertThat(
            responder()
                .get(path(incident))
                .body()
                .path("sections")
                .path("wentWell")
                .path("text")
                .asString())
        .contains("It was detected 7 s after it began.");
  }

  private void alerts(String service, String status, int many) {
    var at = CLOCK.instant();
    var each =
        IntStream.range(0, many)
            .mapToObj(i ->
                """
                {"status":"%s","labels":{"alertname":"Slow","service":"%s","namespace":"prod",
                 "severity":"critical"},"annotations":{"summary":"slow"},"startsAt":"%s",
                 "endsAt":"%s","fingerprint":"%s-%d"}\
                """
                    .formatted(
                        status,
                        service,
                        at.minusSeconds(60),
                        status.equals("firing") ? "0001-01-01T00:00:00Z" : at.toString(),
                        service,
                        i))
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
                    .formatted(status, each));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  @Test
  void aStormOfSignalsHidesNothingOfWhatPeopleAndTheSystemDid() {
    var service = freshService();
    alerts(service, "firing", 1_100);
    var incident =
        responder()
            .get("/api/v1/incidents?service=" + service)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asString();
    advance(Duration.ofMinutes(2));
    responder()
        .post("/api/v1/incidents/" + incident + "/annotations", Map.of("text", "the switch died"));
    send(incident, "ACKNOWLEDGE");
    advance(Duration.ofMinutes(5));
    alerts(service, "resolved", 1_100);
    send(incident, "RESOLVE");
    soon().until(() -> responder().get(path(incident)).status() == 200);

    var sections = responder().get(path(incident)).body().path("sections");

    var timeline = sections.path("timeline").path("text").asString();
    // The message to Discord may come in between the signals.
    assertThat(
            Pattern.compile("signals fired (\\d+) times")
                .matcher(timeline)
                .results()
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .sum())
        .isEqualTo(1_100);
    assertThat(timeline)
        .contains(
            "the switch died",
            "ACKNOWLEDGE: OPEN → ACKNOWLEDGED",
            "signals fired 0 times and cleared 1100 times",
            "MITIGATED → RESOLVED")
        .doesNotContain("more in the incident's timeline");
    assertThat(sections.path("wentWell").path("text").asString()).contains("People were told");
  }

  private static Map<String, Object> edit(int revision, String summary) {
    return Map.of("revision", revision, "sections", Map.of("summary", summary));
  }

  @Test
  void ofTwoWhoEditTheSameRevisionTheSecondIsToldAndNothingIsLost() {
    var incident = drafted(freshService());

    var first = responder().put(path(incident), edit(1, "We ran out of connections."));
    var second = responder().put(path(incident), edit(1, "No idea."));

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body().path("revision").asInt()).isEqualTo(2);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.text("type")).endsWith("/stale-version");
    assertThat(second.body().path("revision").asInt()).isEqualTo(2);
    var now = responder().get(path(incident)).body().path("sections").path("summary");
    assertThat(now.path("text").asString()).isEqualTo("We ran out of connections.");
    assertThat(now.path("editedBy").asString()).isEqualTo("ann");
    assertThat(responder().get(path(incident) + "?revision=1").body().path("revision").asInt())
        .isEqualTo(1);
    assertThat(responder().get(path(incident) + "/revisions").body().path("items")).hasSize(2);
  }

  @Test
  void aRedraftKeepsAPersonsWords() {
    var incident = drafted(freshService());
    responder().put(path(incident), edit(1, "Mine."));
    responder()
        .post("/api/v1/incidents/" + incident + "/annotations", Map.of("text", "one more fact"));

    var redrafted = responder().post(path(incident) + "/redraft", "{}");

    assertThat(redrafted.status()).isEqualTo(200);
    var sections = redrafted.body().path("sections");
    assertThat(sections.path("summary").path("text").asString()).isEqualTo("Mine.");
    assertThat(sections.path("timeline").path("text").asString()).contains("one more fact");
  }

  @Test
  void theCausesAreThoseThatPeopleConfirmed() {
    var incident = drafted(freshService());
    ANALYSIS.behave(request ->
        request.path().equals("/api/v1/feedback")
            ? new Reply(
                200,
                """
                {"items":[%s,%s],"next":null}
                """
                    .formatted(
                        verdict("WRONG", 1, "inventory is slow", "cat"),
                        verdict("CONFIRMED", 2, "checkout ran *out* of threads", "seen in a dump")))
            : new Reply(202, "{}"));
    try {
      var causes = causesAfterARedraft(incident);

      assertThat(causes)
          .startsWith(
              "Confirmed by a person.\n\n- checkout ran \\*out\\* of threads (ann: seen in a dump)")
          .contains("Ruled out by a person.\n\n- inventory is slow (ann: cat)");
      assertThat(ANALYSIS.requests())
          .anySatisfy(r -> assertThat(r.query()).isEqualTo("incident=" + incident));
    } finally {
      ANALYSIS.behave(request -> new Reply(202, "{}"));
    }
  }

  @Test
  void aDraftSaysWhenNobodyKnowsWhetherACauseWasConfirmed() {
    var incident = drafted(freshService());
    ANALYSIS.behave(request -> new Reply(503, "{}"));
    try {
      assertThat(causesAfterARedraft(incident)).startsWith("No cause is known.");
    } finally {
      ANALYSIS.behave(request -> new Reply(202, "{}"));
    }
  }

  private String causesAfterARedraft(String incident) {
    var redrafted = responder().post(path(incident) + "/redraft", "{}");
    assertThat(redrafted.status()).isEqualTo(200);
    return redrafted.body().path("sections").path("causes").path("text").asString();
  }

  private static String verdict(String verdict, int rank, String statement, String comment) {
    return """
    {"analysisId":"6f1f1b0e-0000-4000-8000-000000000001","verdict":"%s","rank":%d,"statement":"%s",
     "comment":"%s","actor":{"type":"PERSON","name":"ann"},"createdAt":"2026-03-02T10:00:00Z"}
    """
        .formatted(verdict, rank, statement, comment);
  }

  @Test
  void itIsExportedAsMarkdown() {
    var service = freshService();
    var incident = drafted(service);
    responder()
        .post(
            "/api/v1/incidents/" + incident + "/action-items",
            Map.of("text", "Raise the pool", "owner", "bob", "due", "2026-04-01"));

    var document = responder().text(path(incident), "text/markdown");

    assertThat(document.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/markdown");
    assertThat(document.body())
        .startsWith("# Postmortem of #")
        .contains("## Impact", "## What went well", "- [ ] Raise the pool (bob, due 2026-04-01)");
  }

  @Test
  void theTitleBecomesNoMarkupInTheDocument() {
    var incident =
        responder()
            .post(
                "/api/v1/incidents",
                Map.of(
                    "title",
                    "<b>*all* down",
                    "service",
                    freshService(),
                    "env",
                    "prod",
                    "severity",
                    "SEV3"))
            .text("id");
    send(incident, "DISMISS");
    soon().until(() -> responder().get(path(incident)).status() == 200);

    assertThat(responder().text(path(incident), "text/markdown").body().lines().findFirst())
        .hasValueSatisfying(line -> assertThat(line).endsWith(": \\<b\\>\\*all\\* down"));
  }

  @Test
  void actionItemsAreTrackedUntilTheyAreClosed() {
    var incident = drafted(freshService());
    var owner = "owner-" + incident;
    var made =
        responder()
            .post(
                "/api/v1/incidents/" + incident + "/action-items",
                Map.of("text", "Raise the pool", "owner", owner));
    assertThat(made.status()).isEqualTo(201);
    assertThat(openItemsOf(owner)).isEqualTo(1);

    var done = responder().put("/api/v1/action-items/" + made.text("id"), Map.of("state", "DONE"));

    assertThat(done.status()).isEqualTo(200);
    assertThat(anchorOf(made.text("id"))).isEqualTo(incident);
    assertThat(done.text("owner")).isEqualTo(owner);
    assertThat(done.body().path("closedAt").isNull()).isFalse();
    assertThat(openItemsOf(owner)).isZero();
    assertThat(responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString())
        .contains("Action item done: Raise the pool");
    assertThat(
            responder()
                .put("/api/v1/action-items/" + UUID.randomUUID(), Map.of("state", "DONE"))
                .status())
        .isEqualTo(404);
  }

  @Test
  void aDayIsTakenBackLikeAnOwner() {
    var incident = drafted(freshService());
    var made =
        responder()
            .post(
                "/api/v1/incidents/" + incident + "/action-items",
                Map.of("text", "Raise the pool", "owner", "bob", "due", "2026-04-01"));
    var path = "/api/v1/action-items/" + made.text("id");

    var same = responder().put(path, Map.of("text", "Raise it"));
    assertThat(same.text("due")).isEqualTo("2026-04-01");
    var removed = responder().put(path, Map.of("owner", "", "due", ""));

    assertThat(removed.body().path("due").isNull()).isTrue();
    assertThat(removed.body().path("owner").isNull()).isTrue();
    assertThat(responder().put(path, Map.of("due", "tomorrow")).body().toString())
        .contains("expected a day such as 2026-03-02");
  }

  private int openItemsOf(String owner) {
    return responder()
        .get("/api/v1/action-items?state=OPEN&owner=" + owner)
        .body()
        .path("items")
        .size();
  }

  @Test
  void theDatabaseItselfKeepsRevisionsAsTheyAre() {
    var incident = drafted(freshService());

    assertThatThrownBy(() ->
            jdbc.sql("update postmortem_revision set author_name = 'eve' where incident_id = ?")
                .param(UUID.fromString(incident))
                .update())
        .hasMessageContaining("append-only");
  }

  @Test
  void aSectionThatDoesNotExistOrIsNullIsRefusedWithItsPath() {
    var incident = drafted(freshService());
    for (var bad :
        List.of(Map.of("blame", "bob"), Collections.singletonMap("summary", (String) null))) {
      var answer = responder().put(path(incident), Map.of("revision", 1, "sections", bad));

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body().path("errors").path(0).path("path").asString())
          .isEqualTo("sections." + bad.keySet().iterator().next());
    }
  }
}
