package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LifecycleIT extends RunningService {
  private String open(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING))
        .text("incident");
  }

  private static String transitions(String id) {
    return "/api/v1/incidents/" + id + "/transitions";
  }

  @Test
  void aSenderWhoHasNotSeenTheStateIsToldSo() {
    var api = responder();
    var id = open(freshService());
    long seen = api.get("/api/v1/incidents/" + id).body().path("version").asLong();
    assertThat(api.post(transitions(id), Map.of("event", "ACKNOWLEDGE", "version", seen)).status())
        .isEqualTo(200);

    var stale = api.post(transitions(id), Map.of("event", "INVESTIGATE", "version", seen));

    assertThat(stale.status()).isEqualTo(409);
    assertThat(stale.text("type")).isEqualTo("/problems/stale-version");
    assertThat(stale.text("state")).isEqualTo("ACKNOWLEDGED");
  }

  @Test
  void aSignalThatJoinsInBetweenDoesNotMakeAClickFail() {
    var api = responder();
    var service = freshService();
    var id = open(service);
    long seen = api.get("/api/v1/incidents/" + id).body().path("version").asLong();
    api.post("/api/v1/signals", signal(service, "another", SignalStatus.FIRING));

    var answer = api.post(transitions(id), Map.of("event", "ACKNOWLEDGE", "version", seen));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("version").asLong()).isGreaterThan(seen + 1);
  }

  @Test
  void aFalseAlarmNeedsAReason() {
    var id = open(freshService());

    var answer = responder().post(transitions(id), Map.of("event", "DISMISS", "comment", "  "));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo("comment");
  }

  @Test
  void unknownEventsAndIncidentsAreTheSendersFault() {
    var api = responder();
    var id = open(freshService());

    var nonsense = api.post(transitions(id), Map.of("event", "EXPLODE"));
    assertThat(nonsense.status()).isEqualTo(400);
    assertThat(nonsense.body().path("errors").path(0).path("path").asString()).isEqualTo("event");
    assertThat(api.post(transitions(id), "{}").status()).isEqualTo(400);
    assertThat(api.get("/api/v1/incidents/nope").status()).isEqualTo(400);
    assertThat(
            api.post(transitions(UUID.randomUUID().toString()), Map.of("event", "RESOLVE"))
                .status())
        .isEqualTo(404);
    assertThat(api.get("/api/v1/incidents?page=abc").status()).isEqualTo(400);
    assertThat(api.get("/api/v1/incidents?limit=0").status()).isEqualTo(400);
  }

  @Test
  void aPersonDeclaresAssignsAndAnnotates() {
    var api = responder();
    var service = freshService();
    var declaration = new HashMap<String, Object>();
    declaration.put("title", "Customers complain");
    declaration.put("service", service);
    declaration.put("env", "prod");
    declaration.put("severity", "SEV3");
    declaration.put("comment", "by telephone");

    var declared = api.post("/api/v1/incidents", declaration);
    assertThat(declared.status()).as(declared.body().toString()).isEqualTo(201);
    var id = declared.text("id");
    var again = api.post("/api/v1/incidents", declaration);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("incident")).isEqualTo(id);

    assertThat(
            api.post("/api/v1/incidents/" + id + "/assignee", Map.of("assignee", "bob"))
                .text("assignee"))
        .isEqualTo("bob");
    var note =
        api.post(
            "/api/v1/incidents/" + id + "/annotations", Map.of("text", "# Found\nthe *cause*"));
    assertThat(note.status()).isEqualTo(201);
    assertThat(note.body().path("actor").path("name").asString()).isEqualTo("ann");
    assertThat(note.body().path("data").path("text").asString()).isEqualTo("# Found\nthe *cause*");
    declaration.put("severity", null);
    assertThat(api.post("/api/v1/incidents", declaration).status()).isEqualTo(400);
  }

  @Test
  void listsArePagesTheNewestFirst() {
    var api = responder();
    var service = freshService();
    for (int i = 0; i < 5; i++) {
      var id = open(service);
      api.post(transitions(id), Map.of("event", "DISMISS", "comment", "a test"));
      advance(Duration.ofMillis(1));
    }
    var numbers = new ArrayList<Long>();
    var path = "/api/v1/incidents?state=RESOLVED&limit=2&service=" + service;
    for (var next = ""; next != null; ) {
      var page = api.get(path + next).body();
      page.path("items").forEach(i -> numbers.add(i.path("number").asLong()));
      next = page.path("next").isNull() ? null : "&page=" + page.path("next").asString();
    }

    assertThat(numbers).hasSize(5).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(api.get("/api/v1/incidents?state=OPEN&service=" + service).body().path("items"))
        .isEmpty();
    assertThat(
            api.get("/api/v1/incidents?from=2030-01-01T00:00:00Z&service=" + service)
                .body()
                .path("items"))
        .isEmpty();
  }
}
