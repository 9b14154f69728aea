package dev.watchtower.incident.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Severity by hand and by rules, responders, roles and tasks. */
class PeopleIT extends RunningService {
  private final String service = freshService();

  private String fire(String rule, Severity severity) {
    return fire(service, rule, severity);
  }

  private String fire(String of, String rule, Severity severity) {
    advance(Duration.ofMillis(1));
    return responder()
        .post("/api/v1/signals", signal(of, rule, SignalStatus.FIRING, severity, CLOCK.instant()))
        .text("incident");
  }

  private static String path(String id, String more) {
    return "/api/v1/incidents/" + id + more;
  }

  private JsonNode incident(String id) {
    return responder().get(path(id, "")).body();
  }

  private List<String> summaries(String id) {
    return responder()
        .get(path(id, "/timeline"))
        .body()
        .path("items")
        .valueStream()
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private Api.Answer grade(String id, String severity, String comment) {
    return responder()
        .post(path(id, "/severity"), Map.of("severity", severity, "comment", comment));
  }

  @Test
  void aPersonSaysHowBadItIsAndTheTimelineSaysWho() {
    var id = fire("rule", Severity.SEV2);
    assertThat(incident(id).path("severityBy").asString()).isEqualTo("rule");

    var answer = grade(id, "SEV4", "only the staging customers");

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.text("severity")).isEqualTo("SEV4");
    assertThat(answer.text("severityBy")).isEqualTo("PERSON ann");
    assertThat(summaries(id)).contains("Severity SEV2 → SEV4: only the staging customers");
    assertThat(grade(id, "SEV4", "").body().path("version").asLong())
        .isEqualTo(answer.body().path("version").asLong());
    assertThat(responder().post(path(id, "/severity"), "{}").status()).isEqualTo(400);
    assertThat(grade(UUID.randomUUID().toString(), "SEV1", "").status()).isEqualTo(404);
  }

  @Test
  void whatAPersonKnewDoesNotRaiseTheSeverityAgainButSomethingWorseDoes() {
    var id = fire("errors", Severity.SEV2);
    grade(id, "SEV4", "");
    responder()
        .post(
            "/api/v1/signals",
            signal(service, "errors", SignalStatus.CLEARED, Severity.SEV2, CLOCK.instant()));

    fire("errors", Severity.SEV2);
    assertThat(incident(id).path("severity").asString()).isEqualTo("SEV4");
    assertThat(incident(id).path("severityBy").asString()).isEqualTo("PERSON ann");

    fire("other", Severity.SEV3);
    assertThat(incident(id).path("severity").asString()).isEqualTo("SEV3");
    assertThat(incident(id).path("severityBy").asString()).isEqualTo("rule");
    assertThat(summaries(id)).contains("Severity SEV4 → SEV3 by other");
  }

  @Test
  void rulesNeverLowerWhatAPersonSaid() {
    var id = fire("rule", Severity.SEV3);
    grade(id, "SEV1", "");

    fire("other", Severity.SEV2);

    assertThat(incident(id).path("severity").asString()).isEqualTo("SEV1");
    assertThat(incident(id).path("severityBy").asString()).isEqualTo("PERSON ann");
  }

  @Test
  void theCatalogsRulesSayHowBadASignalIsHere() {
    assertThat(incident(fire("worse", "rule", Severity.SEV4)).path("severity").asString())
        .isEqualTo("SEV1");
    assertThat(incident(fire("tier-4", "rule", Severity.SEV1)).path("severity").asString())
        .isEqualTo("SEV4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DBA/on-call", "100%", "a;b", "..", "Zoë + Bob & co?"})
  void aResponderOfAnyNameCanLeave(String name) {
    var id = fire("rule", Severity.SEV2);
    var api = responder();
    api.post(path(id, "/responders"), Map.of("name", name));

    var answer =
        api.delete(path(id, "/responders?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8)));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.body().path("responders")).isEmpty();
  }

  @Test
  void thereIsOneIncidentCommanderAndTheHandoverIsRecorded() {
    var id = fire("rule", Severity.SEV2);
    var api = responder();
    api.post(path(id, "/responders"), Map.of("name", "bob", "role", "INCIDENT_COMMANDER"));
    api.post(path(id, "/responders"), Map.of("name", "eve", "role", "SCRIBE"));

    var answer =
        api.post(path(id, "/responders"), Map.of("name", "eve", "role", "INCIDENT_COMMANDER"));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(
            answer
                .body()
                .path("responders")
                .valueStream()
                .map(r -> r.path("name").asString() + " " + r.path("role").asString()))
        .containsExactlyInAnyOrder("bob RESPONDER", "eve INCIDENT_COMMANDER");
    assertThat(summaries(id))
        .contains(
            "bob is incident commander",
            "eve is scribe",
            "eve is incident commander, in the place of bob");

    assertThat(api.delete(path(id, "/responders/bob")).body().path("responders")).hasSize(1);
    assertThat(api.delete(path(id, "/responders/bob")).status()).isEqualTo(404);
    assertThat(api.delete(path(id, "/responders")).status()).isEqualTo(400);
    assertThat(api.post(path(id, "/responders"), Map.of("name", " ")).status()).isEqualTo(400);
    assertThat(api.get("/api/v1/incidents?service=" + service).body().toString())
        .contains("\"role\":\"INCIDENT_COMMANDER\"");
  }

  @Test
  void tasksAreAddedGivenAndDone() {
    var id = fire("rule", Severity.SEV2);
    var api = responder();

    var added = api.post(path(id, "/tasks"), Map.of("text", "Look at the disks"));
    assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
    assertThat(added.text("createdBy")).isEqualTo("ann");
    var task = path(id, "/tasks/" + added.text("id"));
    assertThat(api.put(task, Map.of("assignee", "bob")).text("assignee")).isEqualTo("bob");
    advance(Duration.ofMinutes(1));
    var done = api.put(task, Map.of("state", "DONE"));

    assertThat(done.text("state")).isEqualTo("DONE");
    assertThat(done.text("doneAt")).isEqualTo(CLOCK.instant().toString());
    assertThat(api.get(path(id, "/tasks")).body().path("items")).hasSize(1);
    assertThat(incident(id).path("tasks").path(0).path("state").asString()).isEqualTo("DONE");
    assertThat(summaries(id))
        .contains(
            "Task added: Look at the disks",
            "Task given to bob: Look at the disks",
            "Task done: Look at the disks");
    assertThat(api.put(task, Map.of("state", "OPEN")).body().path("doneAt").isNull()).isTrue();
    assertThat(api.put(path(id, "/tasks/" + UUID.randomUUID()), "{}").status()).isEqualTo(404);
    assertThat(api.post(path(id, "/tasks"), "{}").status()).isEqualTo(400);
  }

  @Test
  void aResolvedIncidentTakesNoneOfThat() {
    var id = fire("rule", Severity.SEV2);
    var api = responder();
    var task = api.post(path(id, "/tasks"), Map.of("text", "t")).text("id");
    api.post(path(id, "/transitions"), Map.of("event", "DISMISS", "comment", "a test"));

    assertThat(grade(id, "SEV1", "").text("type")).isEqualTo("/problems/incident-resolved");
    assertThat(api.post(path(id, "/responders"), Map.of("name", "bob")).status()).isEqualTo(409);
    assertThat(api.delete(path(id, "/responders/bob")).status()).isEqualTo(409);
    assertThat(api.post(path(id, "/tasks"), Map.of("text", "late")).status()).isEqualTo(409);
    assertThat(api.put(path(id, "/tasks/" + task), Map.of("state", "DONE")).status())
        .isEqualTo(409);
    assertThatThrownBy(() ->
            jdbc.sql("update incident_task set text = 'x' where incident_id = ?")
                .param(UUID.fromString(id))
                .update())
        .hasMessageContaining("is resolved");
  }

  @Test
  void whatIsLeftToDoBecomesAnActionItem() {
    var id = fire("rule", Severity.SEV2);
    var api = responder();
    var done = api.post(path(id, "/tasks"), Map.of("text", "Done already")).text("id");
    api.put(path(id, "/tasks/" + done), Map.of("state", "DONE"));
    api.post(path(id, "/tasks"), Map.of("text", "Buy disks", "assignee", "bob"));
    api.post(path(id, "/transitions"), Map.of("event", "DISMISS", "comment", "a test"));

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> api.get(path(id, "/postmortem")).status() == 200);
    var items = api.get(path(id, "/postmortem")).body().path("actionItems");
    assertThat(
            items
                .valueStream()
                .map(i -> i.path("text").asString() + " " + i.path("owner").asString()))
        .contains("Buy disks bob")
        .noneMatch(text -> text.startsWith("Done already"));
  }

  @Test
  void theDatabaseRefusesTimesThatCannotBe() {
    var id = UUID.fromString(fire("rule", Severity.SEV2));

    for (var column : List.of("acknowledged_at", "mitigated_at", "resolved_at")) {
      assertThatThrownBy(() ->
              jdbc.sql(
                      "update incident set %s = opened_at - interval '1 second' where id = ?"
                          .formatted(column))
                  .param(id)
                  .update())
          .as(column)
          .hasMessageContaining("check constraint");
    }
    assertThatThrownBy(() ->
            jdbc.sql("update incident set state = 'MITIGATED' where id = ?").param(id).update())
        .hasMessageContaining("incident_mitigated_has_time");
    assertThatThrownBy(() ->
            jdbc.sql(
                    """
                    update incident set state = 'RESOLVED', mitigated_at = opened_at + interval '2 s',
                      resolved_at = opened_at + interval '1 s' where id = ?
                    """)
                .param(id)
                .update())
        .hasMessageContaining("incident_ends_after_mitigation");
    assertThatThrownBy(() ->
            jdbc.sql(
                    """
                    update incident_signal set cleared_at = fired_at - interval '1 s'
                    where incident_id = ?
                    """)
                .param(id)
                .update())
        .hasMessageContaining("incident_signal_ends_after_begin");
  }

  @Test
  void aClockThatIsSetBackEndsNothingBeforeItBegan() {
    var id = fire("rule", Severity.SEV2);
    var api = responder();
    advance(Duration.ofMinutes(5));
    api.post(path(id, "/transitions"), Map.of("event", "ACKNOWLEDGE"));
    api.post(path(id, "/transitions"), Map.of("event", "MITIGATE"));
    CLOCK.advance(Duration.ofMinutes(-3));
    try {
      var resolved = api.post(path(id, "/transitions"), Map.of("event", "RESOLVE"));
      assertThat(resolved.status()).as(resolved.body().toString()).isEqualTo(200);
      assertThat(resolved.text("resolvedAt")).isEqualTo(resolved.text("mitigatedAt"));
    } finally {
      advance(Duration.ofMinutes(3));
    }
  }
}
