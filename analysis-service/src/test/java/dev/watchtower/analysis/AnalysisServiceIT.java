package dev.watchtower.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.analysis.support.StubServer.Answer;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.AnalysisView.Source;
import dev.watchtower.common.wire.AnalysisView.Status;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** From the request to what incident-service is told. */
class AnalysisServiceIT extends RunningService {
  private static final String GOOD =
      """
      {"hypotheses":[{"statement":"inventory fails and checkout with it","confidence":0.8,"evidence":["e1","e2"]}],
       "suggestions":[{"text":"Look at inventory","kind":"CHECK","evidence":["e2"]}],
       "risk":{"level":"HIGH","why":"orders fail"}}
      """;

  @Autowired private Analyses analyses;

  /** checkout fails because inventory does, since a few seconds. */
  private IncidentView brokenInventory() {
    var now = CLOCK.instant();
    INGEST.fail("inventory", now.minusSeconds(9));
    INGEST.fail("checkout", now.minusSeconds(8));
    return Samples.incident(
        "checkout", now, Samples.firing("checkout", SignalKind.THRESHOLD, "Too many fail"));
  }

  @Test
  void namesTheCauseInTheModelsWordsAndKeepsIt() throws Exception {
    MODEL.says(GOOD, 0);
    var incident = brokenInventory();
    INGEST.events(
        List.of(
            event("1", "dev.cdevents.service.deployed.0.3.0", "inventory", false),
            event("2", "dev.watchtower.chaos.run.started", "inventory", true)));

    var id = ask(incident);
    var told = result(incident);

    assertThat(told.id()).isEqualTo(id);
    assertThat(told.status()).isEqualTo(Status.DONE);
    assertThat(told.source()).isEqualTo(Source.LLM);
    assertThat(told.degraded()).isNull();
    assertThat(told.candidates().getFirst().service()).isEqualTo("inventory");
    assertThat(told.hypotheses().getFirst().statement()).startsWith("inventory fails");
    assertThat(told.evidence()).extracting(e -> e.kind()).contains("CHANGE", "DEPENDENCY");
    assertThat(told.evidence()).extracting(e -> e.metric()).contains("client_errors");
    assertThat(told.evidence()).noneMatch(e -> e.summary().toLowerCase().contains("chaos"));
    assertThat(told.risk().blastRadius()).contains("storefront", "checkout", "inventory");

    var stored = call("GET", "/api/v1/analyses/" + id, null, Scope.READ);
    assertThat(json.treeToValue(stored.body(), AnalysisView.class)).isEqualTo(told);
    var listed = call("GET", "/api/v1/analyses?incident=" + incident.id(), null, Scope.READ);
    assertThat(listed.body().path("items")).hasSize(1);
  }

  private Map<String, Object> event(String id, String type, String service, boolean blind) {
    return Map.of(
        "id",
        id,
        "source",
        "test",
        "type",
        type,
        "service",
        service,
        "env",
        "prod",
        "time",
        CLOCK.instant().minusSeconds(30).toString(),
        "summary",
        blind ? "chaos on inventory" : "v2",
        "data",
        blind ? Map.of("blind", true, "runId", "r1") : Map.of());
  }

  @Test
  void keepsItsDeadlineWhenTheModelHangs() throws Exception {
    MODEL.says(GOOD, 60_000);
    var incident = brokenInventory();
    long began = System.nanoTime();

    ask(incident);
    var told = result(incident);

    assertThat(Duration.ofMillis(told.millis())).isLessThan(DEADLINE);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DEADLINE.plusSeconds(2));
    assertThat(told.source()).isEqualTo(Source.STATISTICAL);
    assertThat(told.degraded()).contains("the model did not answer within");
    assertThat(told.hypotheses().getFirst().statement()).startsWith("inventory itself fails");
    assertThat(told.suggestions()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "500, {}, answered with an error (500)",
    "401, {}, refused the API key (401)",
    "200, garbage, the model"
  })
  void fallsBackToTheStatisticsOnAnyFaultOfTheModel(int status, String body, String reason)
      throws Exception {
    MODEL.server().answering(r -> new Answer(status, body));
    var incident = brokenInventory();

    ask(incident);
    var told = result(incident);

    assertThat(told.source()).isEqualTo(Source.STATISTICAL);
    assertThat(told.degraded()).contains(reason);
    assertThat(told.candidates().getFirst().service()).isEqualTo("inventory");
  }

  @Test
  void saysWhatIsMissingWhenIngestIsDown() throws Exception {
    var incident = brokenInventory();
    INGEST.down();

    ask(incident);
    var told = result(incident);

    assertThat(told.status()).isEqualTo(Status.DONE);
    assertThat(told.degraded())
        .contains("golden signals of checkout (ingest-service answered 503)");
    assertThat(told.evidence()).extracting(e -> e.kind()).contains("SIGNAL", "MISSING");
    assertThat(told.hypotheses()).isNotEmpty();
  }

  @Test
  void ranksAServiceThatIsDownByItsOwnSignal() throws Exception {
    var now = CLOCK.instant();
    INGEST.fail("storefront", now.minusSeconds(8));
    var incident =
        Samples.incident(
            "checkout", now, Samples.firing("checkout", SignalKind.SERVICE_DOWN, "no answer"));

    ask(incident);
    var told = result(incident);

    assertThat(told.candidates().getFirst().service()).isEqualTo("checkout");
    assertThat(told.suggestions()).anyMatch(s -> s.kind().equals("RESTART"));
  }

  @Test
  void givesTheRunningAnalysisWhenAskedAgain() throws Exception {
    MODEL.says(GOOD, 2_500);
    var incident = brokenInventory();

    var first = ask(incident);
    var second = ask(incident);

    assertThat(second).isEqualTo(first);
    assertThat(call("GET", "/api/v1/analyses/" + first, null, Scope.READ).body().path("status"))
        .hasToString("\"RUNNING\"");
    assertThat(result(incident).id()).isEqualTo(first);
    assertThat(ask(incident)).isNotEqualTo(first);
  }

  @Test
  void tellsIncidentServiceUntilItTakesTheResult() throws Exception {
    REFUSALS.set(1);
    var incident = brokenInventory();

    var id = ask(incident);

    await().atMost(Duration.ofSeconds(20)).until(() -> told(incident).size() >= 2);
    assertThat(told(incident)).allMatch(v -> v.id().equals(id));
  }

  @Test
  void looksAgainWhenOnlyTheIncidentsOwnServiceShowedAnything() throws Exception {
    var now = CLOCK.instant();
    INGEST.fail("checkout", now.minusSeconds(5));
    var incident =
        Samples.incident(
            "checkout", now, Samples.firing("checkout", SignalKind.THRESHOLD, "Too many fail"));
    KNOWN.put(incident.id(), incident);
    ask(incident);
    assertThat(result(incident).candidates().getFirst().service()).isEqualTo("checkout");

    INGEST.fail("inventory", now.minusSeconds(6));
    CLOCK.advance(Duration.ofSeconds(15));

    await().atMost(Duration.ofSeconds(20)).until(() -> told(incident).size() == 2);
    var second = told(incident).get(1);
    assertThat(second.id()).isNotEqualTo(told(incident).getFirst().id());
    assertThat(second.candidates().getFirst().service()).isEqualTo("inventory");
  }

  @Test
  void looksAgainWhenTheIncidentHasMovedToAnotherServiceMeanwhile() throws Exception {
    MODEL.says(GOOD, 1_500);
    var before = brokenInventory();
    var moved = movedTo("inventory", before);
    KNOWN.put(before.id(), moved);

    var first = ask(before);
    var running = ask(moved);

    assertThat(running).isEqualTo(first);
    await().atMost(Duration.ofSeconds(20)).until(() -> told(before).size() == 2);
    assertThat(told(before).get(1).id()).isNotEqualTo(first);
    assertThat(
            jdbc.sql("select count(*) from analyses where incident_id = :id and follow_up")
                .param("id", before.id())
                .query(Integer.class)
                .single())
        .isEqualTo(1);
  }

  private static IncidentView movedTo(String service, IncidentView from) {
    return new IncidentView(
        from.id(),
        from.number(),
        from.title(),
        from.state(),
        from.severity(),
        service,
        from.env(),
        from.version() + 1,
        from.openedAt(),
        from.acknowledgedAt(),
        from.mitigatedAt(),
        from.resolvedAt(),
        from.assignee(),
        from.allowedEvents(),
        from.signals(),
        from.recurrenceOf());
  }

  @Test
  void readsTheIncidentItselfWhenItIsNotGiven() throws Exception {
    var incident = brokenInventory();
    KNOWN.put(incident.id(), incident);

    var reply =
        call("POST", "/api/v1/analyses", Map.of("incidentId", incident.id()), Scope.RESPOND);

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.raw().headers().firstValue("Location"))
        .hasValue("/api/v1/analyses/" + reply.body().path("id").asString());
    assertThat(result(incident).candidates()).isNotEmpty();
  }

  @Test
  void failsForAnIncidentThatNobodyKnows() throws Exception {
    var reply =
        call("POST", "/api/v1/analyses", Map.of("incidentId", UUID.randomUUID()), Scope.RESPOND);
    var path = "/api/v1/analyses/" + reply.body().path("id").asString();

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> {
          var body = call("GET", path, null, Scope.READ).body();
          assertThat(body.path("status").asString()).isEqualTo("FAILED");
          assertThat(body.path("degraded").asString()).contains("does not know the incident");
        });
  }

  @Test
  void picksUpWhatACrashLeftBehind() throws Exception {
    var incident = brokenInventory();
    var id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into analyses (id, incident_id, state, request, due_at, claimed_by, claimed_until, attempt, created_at)
            values (:id, :incident, 'RUNNING', cast(:request as jsonb), now() - interval '10 years',
                    'analysis/the-process-before', now() + interval '10 years', 1, now())
            """)
        .param("id", id)
        .param("incident", incident.id())
        .param(
            "request",
            json.writeValueAsString(Map.of("incidentId", incident.id(), "incident", incident)))
        .update();

    analyses.releaseOrphans();

    assertThat(result(incident).id()).isEqualTo(id);
  }

  @Test
  void refusesWithRetryAfterWhenTooManyWait() throws Exception {
    MODEL.says(GOOD, 1_500);
    var accepted = new ArrayList<IncidentView>();
    int refused = 0;
    for (int i = 0; i < 12; i++) {
      var incident = brokenInventory();
      var reply =
          call(
              "POST",
              "/api/v1/analyses",
              Map.of("incidentId", incident.id(), "incident", incident),
              Scope.ANALYSIS_REQUEST);
      if (reply.status() == 202) {
        accepted.add(incident);
      } else {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.raw().headers().firstValue("Retry-After")).isPresent();
        refused++;
      }
    }

    assertThat(refused).isPositive();
    accepted.forEach(incident -> assertThat(result(incident).status()).isEqualTo(Status.DONE));
  }

  @Test
  void keepsFeedback() throws Exception {
    var incident = brokenInventory();
    var id = ask(incident);
    result(incident);
    var path = "/api/v1/analyses/" + id + "/feedback";

    var reply =
        call(
            "POST",
            path,
            Map.of("verdict", "WRONG", "rank", 1, "comment", "it was the cat"),
            Scope.RESPOND);

    assertThat(reply.status()).isEqualTo(204);
    assertThat(
            jdbc.sql("select actor->>'name' from feedback where analysis_id = :id and rank = 1")
                .param("id", id)
                .query(String.class)
                .single())
        .isEqualTo("ann");
    var told = call("GET", "/api/v1/feedback?incident=" + incident.id(), null, Scope.READ).body();
    assertThat(told.path("items")).hasSize(1);
    var verdict = told.path("items").path(0);
    assertThat(verdict.path("verdict").asString()).isEqualTo("WRONG");
    assertThat(verdict.path("statement").asString()).contains("inventory");
    assertThat(verdict.path("actor").path("name").asString()).isEqualTo("ann");
    var wrong = call("POST", path, Map.of("verdict", "MAYBE"), Scope.RESPOND);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body().path("errors").path(0).path("path").asString()).isEqualTo("verdict");
    var none = call("POST", path, Map.of("verdict", "WRONG", "rank", 99), Scope.RESPOND);
    assertThat(none.body().path("errors").path(0).path("path").asString()).isEqualTo("rank");
    var zero = call("POST", path, Map.of("verdict", "WRONG", "comment", "a\0b"), Scope.RESPOND);
    assertThat(zero.body().path("errors").path(0).path("path").asString()).isEqualTo("comment");
    assertThat(
            call(
                    "POST",
                    "/api/v1/analyses/" + UUID.randomUUID() + "/feedback",
                    Map.of("verdict", "CONFIRMED"),
                    Scope.RESPOND)
                .status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | incidentId",
        "{\"incidentId\":\"x\"} | incidentId",
        "{\"incidentId\":\"6f1f1b0e-0000-4000-8000-000000000001\",\"incident\":{\"id\":\"6f1f1b0e-0000-4000-8000-000000000001\"}} | incident",
        "{\"incidentId\":\"6f1f1b0e-0000-4000-8000-000000000001\",\"incident\":{\"id\":\"6f1f1b0e-0000-4000-8000-000000000002\"}} | incident",
        "{\"incidentId\": | ''",
      })
  void refusesWhatIsNotARequestAndStoresNothing(String body, String path) throws Exception {
    int before = jdbc.sql("select count(*) from analyses").query(Integer.class).single();

    var reply = call("POST", "/api/v1/analyses", body, Scope.ANALYSIS_REQUEST);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.raw().headers().firstValue("Content-Type"))
        .hasValueSatisfying(t -> assertThat(t).startsWith("application/problem+json"));
    assertThat(reply.body().path("errors").toString()).contains(path);
    assertThat(jdbc.sql("select count(*) from analyses").query(Integer.class).single())
        .isEqualTo(before);
  }

  @Test
  void asksForTheRightScopes() throws Exception {
    var body = Map.of("incidentId", UUID.randomUUID());
    assertThat(call("POST", "/api/v1/analyses", body).status()).isEqualTo(401);
    assertThat(call("POST", "/api/v1/analyses", body, Scope.READ).status()).isEqualTo(403);
    assertThat(call("GET", "/api/v1/analyses/" + UUID.randomUUID(), null, Scope.READ).status())
        .isEqualTo(404);
    assertThat(call("GET", "/health", null).status()).isEqualTo(200);
  }
}
