package dev.watchtower.incident.statusupdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What the public is told; {@code pub-N} are on the status page, and updates are published at once.
 */
class StatusUpdateIT extends RunningService {
  private String fire(String service) {
    advance(Duration.ofMillis(1));
    return responder()
        .post("/api/v1/signals", signal(service, "secret-rule", SignalStatus.FIRING))
        .text("incident");
  }

  private static String path(String id, String more) {
    return "/api/v1/incidents/" + id + more;
  }

  private static String updates(String id, String more) {
    return path(id, "/status-updates" + more);
  }

  private void send(String id, String event, String comment) {
    advance(Duration.ofSeconds(1));
    var answer =
        responder().post(path(id, "/transitions"), Map.of("event", event, "comment", comment));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
  }

  private List<JsonNode> entries(String id) {
    return responder()
        .get(path(id, "/timeline"))
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals("STATUS_UPDATE"))
        .toList();
  }

  @Test
  void theWordsOfTheStatesAreToldWithoutAnythingOfTheInside() {
    var id = fire("pub-1");
    send(id, "ACKNOWLEDGE", "secret words of the inside");
    send(id, "INVESTIGATE", "secret words of the inside");
    send(id, "IDENTIFY", "secret words of the inside");
    send(id, "MITIGATE", "secret words of the inside");
    responder().post(path(id, "/annotations"), Map.of("text", "secret note"));
    send(id, "RESOLVE", "secret words of the inside");

    var told = responder().get(path(id, "")).body().path("statusUpdates");
    assertThat(told.valueStream().map(u -> u.path("status").asString()))
        .containsExactly("investigating", "identified", "monitoring", "resolved");
    assertThat(told.toString()).doesNotContain("secret", "pub-1", "SEV");
    assertThat(told.path(0).path("state").asString()).isEqualTo("PUBLISHED");
    assertThat(told.path(0).path("by").asString()).isEqualTo("policy:status-page");
    assertThat(entries(id)).hasSize(4);
    assertThat(responder().get(updates(id, "")).body().path("items")).isEqualTo(told);
    assertThat(
            responder()
                .get("/api/v1/incidents?service=pub-1")
                .body()
                .path("items")
                .path(0)
                .path("statusUpdates"))
        .hasSize(4);
  }

  @Test
  void aRelapseIsToldAsOne() {
    var id = fire("pub-2");
    advance(Duration.ofSeconds(1));
    responder().post("/api/v1/signals", signal("pub-2", "secret-rule", SignalStatus.CLEARED));
    fire("pub-2");

    var told = responder().get(path(id, "")).body().path("statusUpdates");
    assertThat(told.valueStream().map(u -> u.path("body").asString()))
        .containsExactly(
            "Something is wrong, and we are looking into it.",
            "It works again. We keep watching.",
            "The problem is back, and we are looking into it again.");
  }

  private List<String> told(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/status-updates")
        .body()
        .path("items")
        .valueStream()
        .map(u -> u.path("status").asString() + ": " + u.path("body").asString())
        .toList();
  }

  @Test
  void whatGoesOnInAnotherIncidentIsNotToldAsResolved() {
    var into = fire("pub-7");
    var id = fire("pub-8");

    var answer = responder().post("/api/v1/incidents/" + id + "/merge", Map.of("into", into));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(told(id).getLast())
        .isEqualTo("investigating: We are now following this together with another incident.");
    assertThat(told(into)).hasSize(1);
  }

  @Test
  void aFalseAlarmIsToldAsOne() {
    var id = fire("pub-9");

    send(id, "DISMISS", "a test");

    assertThat(told(id).getLast())
        .isEqualTo("resolved: We have looked into this: it was a false alarm.");
  }

  @Test
  void whatTouchesNoComponentIsNotToldByItself() {
    var id = fire(freshService());

    assertThat(responder().get(updates(id, "")).body().path("items")).isEmpty();
    assertThat(entries(id)).isEmpty();
  }

  @Test
  void aDraftIsEditedThenPublishedAndStaysAsItWasTold() {
    var id = fire("pub-3");
    var api = responder();
    long version = api.get(path(id, "")).body().path("version").asLong();
    var draft =
        api.post(updates(id, ""), Map.of("status", "identified", "body", "A disk is full."));
    assertThat(draft.status()).as(draft.body().toString()).isEqualTo(201);
    assertThat(draft.text("state")).isEqualTo("DRAFT");
    assertThat(draft.text("by")).isEqualTo("ann");
    assertThat(api.get(path(id, "")).body().path("statusUpdates")).hasSize(1);
    var one = updates(id, "/" + draft.text("id"));

    assertThat(
            api.put(one, Map.of("status", "identified", "body", "Storage is full.")).text("body"))
        .isEqualTo("Storage is full.");
    advance(Duration.ofSeconds(1));
    assertThat(api.post(one + "/publish", "{}").text("publishedAt"))
        .isEqualTo(CLOCK.instant().toString());

    var incident = api.get(path(id, "")).body();
    assertThat(incident.path("version").asLong()).isGreaterThan(version);
    assertThat(incident.path("statusUpdates").path(1).path("body").asString())
        .isEqualTo("Storage is full.");
    assertThat(entries(id).getLast().path("summary").asString())
        .isEqualTo("Told the public (identified): Storage is full.");
    assertThat(entries(id).getLast().path("actor").path("name").asString()).isEqualTo("ann");
    assertThat(api.put(one, Map.of("status", "resolved", "body", "x")).status()).isEqualTo(409);
    assertThat(api.post(one + "/publish", "{}").status()).isEqualTo(409);
    assertThat(api.post(one + "/discard", "{}").status()).isEqualTo(409);
    assertThatThrownBy(() ->
            jdbc.sql("update status_update set body = 'x' where id = ?")
                .param(UUID.fromString(draft.text("id")))
                .update())
        .hasMessageContaining("does not change any more");
  }

  @Test
  void aDiscardedDraftIsNeverTold() {
    var id = fire("pub-4");
    var api = responder();
    var draft = api.post(updates(id, ""), Map.of("status", "identified", "body", "Nonsense."));

    var discarded = api.post(updates(id, "/" + draft.text("id")) + "/discard", "{}");

    assertThat(discarded.text("state")).isEqualTo("DISCARDED");
    assertThat(api.get(path(id, "")).body().path("statusUpdates")).hasSize(1);
    assertThat(entries(id)).hasSize(1);
  }

  @Test
  void aResolvedIncidentCanStillBeToldOf() {
    var id = fire("pub-5");
    send(id, "DISMISS", "not real");
    var api = responder();

    var told =
        api.post(
            updates(id, ""),
            Map.of("status", "resolved", "body", "It was a mistake of ours.", "publish", true));

    assertThat(told.status()).as(told.body().toString()).isEqualTo(201);
    assertThat(api.get(path(id, "")).body().path("statusUpdates")).hasSize(3);
    assertThat(entries(id)).hasSize(3);
    assertThat(api.get(path(id, "/timeline/verify")).body().path("valid").asBoolean()).isTrue();
  }

  private void written(String id, int many, String author) {
    jdbc.sql(
            """
            insert into status_update
              (id, incident_id, status, body, state, author, created_at, published_at)
            select gen_random_uuid(), :incident, 'investigating', 'Still here.', 'PUBLISHED', :author, :at, :at
            from generate_series(1, :many)
            """)
        .param("incident", UUID.fromString(id))
        .param("author", author)
        .param("at", CLOCK.instant().atOffset(ZoneOffset.UTC))
        .param("many", many)
        .update();
  }

  @Test
  void peopleCanSpeakHoweverOftenThePolicyDid() {
    var id = fire(freshService());
    var api = responder();
    var word = Map.of("status", "identified", "body", "A supplier is down.", "publish", true);
    written(id, 300, "policy:status-page");

    var told = api.post(updates(id, ""), word);

    assertThat(told.status()).as(told.body().toString()).isEqualTo(201);
    written(id, 199, "bob");
    var refused = api.post(updates(id, ""), word);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("detail"))
        .isEqualTo("An incident has at most 200 status updates by people.");
  }

  @Test
  void whatCannotBeIsRefusedWithTheField() {
    var id = fire(freshService());
    var api = responder();

    assertThat(field(api.post(updates(id, ""), Map.of("status", "fine", "body", "x"))))
        .isEqualTo("status");
    assertThat(field(api.post(updates(id, ""), Map.of("status", "resolved", "body", " "))))
        .isEqualTo("body");
    assertThat(
            field(
                api.post(updates(id, ""), Map.of("status", "resolved", "body", "x".repeat(4001)))))
        .isEqualTo("body");
    assertThat(api.get(updates(UUID.randomUUID().toString(), "")).status()).isEqualTo(404);
    assertThat(api.post(updates(id, "/" + UUID.randomUUID() + "/publish"), "{}").status())
        .isEqualTo(404);
  }

  private static String field(Api.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    return answer.body().path("errors").path(0).path("path").asString();
  }
}
