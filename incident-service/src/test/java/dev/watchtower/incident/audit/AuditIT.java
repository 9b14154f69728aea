package dev.watchtower.incident.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import dev.watchtower.incident.timeline.Timeline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Who did what from where. */
class AuditIT extends RunningService {
  @Autowired private Timeline timeline;
  @Autowired private Transactions transactions;

  private Api admin() {
    return as("root", Scope.READ, Scope.RESPOND, Scope.CHAOS, Scope.ADMIN);
  }

  private List<JsonNode> trailOf(String actor) {
    return admin().get("/api/v1/audit?actor=" + actor).body().path("items").valueStream().toList();
  }

  private String open() {
    return responder()
        .post("/api/v1/signals", signal(freshService(), "rule", SignalStatus.FIRING))
        .text("incident");
  }

  @Test
  void everyChangeIsInItAlsoWhatWasRefused() {
    var id = open();
    var path = "/api/v1/incidents/" + id;
    var api = as("auditee", Scope.READ, Scope.RESPOND);
    assertThat(api.post(path + "/transitions", Map.of("event", "ACKNOWLEDGE")).status())
        .isEqualTo(200);
    assertThat(api.post(path + "/transitions", Map.of("event", "RESOLVE")).status()).isEqualTo(409);
    assertThat(as("auditee", Scope.READ).post(path + "/assignee", Map.of()).status())
        .isEqualTo(403);
    assertThat(api.post(path + "/annotations", "{}").status()).isEqualTo(400);
    assertThat(api.get(path).status()).isEqualTo(200);

    var trail = trailOf("auditee").reversed();

    assertThat(trail)
        .extracting(e -> e.path("action").asString() + " → " + e.path("outcome").asString())
        .containsExactly(
            "POST /api/v1/incidents/{id}/transitions: ACKNOWLEDGE → 200",
            "POST /api/v1/incidents/{id}/transitions: RESOLVE → 409",
            "POST " + path + "/assignee → 403",
            "POST /api/v1/incidents/{id}/annotations → 400");
    assertThat(trail.getFirst().path("actor").asString()).isEqualTo("user:auditee");
    assertThat(trail.getFirst().path("from").asString()).isEqualTo("127.0.0.1");
    assertThat(trail.getFirst().path("subject").asString()).isEqualTo(id);
    assertThat(trail.getFirst().path("at").asString()).isEqualTo(CLOCK.instant().toString());
  }

  /**
   * The connection breaks at the commit of a timeline entry: nobody is told whether it is stored.
   */
  private void whileTheDatabaseBreaksAt(String incident, Runnable work) {
    jdbc.sql(
            """
            create function break_off() returns trigger language plpgsql as $$
            begin
              perform pg_terminate_backend(pg_backend_pid());
              return new;
            end $$;
            create constraint trigger break_off after insert on timeline_entry
              deferrable initially deferred for each row
              when (new.incident_id = '%s') execute function break_off()
            """
                .formatted(UUID.fromString(incident)))
        .update();
    try {
      work.run();
    } finally {
      jdbc.sql("drop trigger break_off on timeline_entry; drop function break_off()").update();
    }
  }

  @Test
  void whatMayHaveBeenDoneIsInItThoughTheDatabaseDidNotSay() {
    var id = open();
    var note = "/api/v1/incidents/" + id + "/annotations";
    var text = Map.of("text", "a deed");
    untilItIsTold(id);

    whileTheDatabaseBreaksAt(
        id,
        () -> {
          assertThat(as("unsure", Scope.RESPOND).post(note, text).status()).isEqualTo(503);
          assertThat(asService("monitor", Scope.RESPOND).post(note, text).status()).isEqualTo(503);
        });

    assertThat(trailOf("unsure"))
        .extracting(e -> e.path("outcome").asString())
        .containsExactly("503");
    assertThat(trailOf("service:monitor"))
        .extracting(e -> e.path("subject").asString())
        .doesNotContain(id);
  }

  @Test
  void aProxyCanSayForWhomItAsksButNothingElse() throws IOException, InterruptedException {
    for (var claimed : List.of("203.0.113.9", "<script>")) {
      var token = KEYS.token("monitor", "user:proxied", "*", CLOCK.instant(), Scope.RESPOND);
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/incidents"))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .header("X-Forwarded-For", claimed)
              .POST(BodyPublishers.ofString("{}"))
              .build();
      try (var http = HttpClient.newHttpClient()) {
        assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
      }
    }

    assertThat(trailOf("proxied"))
        .extracting(e -> e.path("from").asString())
        .containsExactly("127.0.0.1", "127.0.0.1 for 203.0.113.9");
  }

  @Test
  void whoCannotBeNamedDoesNotFillIt() {
    long before = count();
    var much = "x".repeat(300_000);

    assertThat(nobody().post("/api/v1/incidents", "{}").status()).isEqualTo(401);
    assertThat(nobody().post("/api/v1/discord/interactions", "").status()).isEqualTo(400);
    assertThat(nobody().post("/api/v1/discord/interactions", much).status()).isEqualTo(400);
    assertThat(nobody().post("/api/v1/discord/interactions", "{}").status()).isEqualTo(401);
    assertThat(nobody().post("/health", "{}").status()).isEqualTo(405);
    assertThat(nobody().post("/problems/of-anybody", "{}").status()).isEqualTo(405);
    assertThat(nobody().post("//whatever/one/likes", "{}").status()).isEqualTo(400);

    assertThat(count()).isEqualTo(before);
  }

  @Test
  void listsArePagesTheNewestFirst() {
    var api = as("pager", Scope.READ, Scope.RESPOND);
    for (int i = 0; i < 5; i++) {
      api.post("/api/v1/incidents", "{}");
    }
    var seqs = new ArrayList<Long>();
    for (var next = ""; next != null; ) {
      var page = admin().get("/api/v1/audit?actor=user:pager&limit=2" + next).body();
      page.path("items").forEach(i -> seqs.add(i.path("seq").asLong()));
      next = page.path("next").isNull() ? null : "&page=" + page.path("next").asString();
    }

    assertThat(seqs).hasSize(5).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(admin().get("/api/v1/audit?from=2099-01-01T00:00:00Z").body().path("items"))
        .isEmpty();
  }

  @Test
  void whatManyDoAtOnceIsOneChain() throws InterruptedException, ExecutionException {
    var work = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 60; i++) {
      work.add(
          () -> as("crowd", Scope.READ, Scope.RESPOND).post("/api/v1/incidents", "{}").status());
    }
    try (var executor = Executors.newFixedThreadPool(12)) {
      for (var answer : executor.invokeAll(work)) {
        assertThat(answer.get()).isEqualTo(400);
      }
    }

    assertThat(trailOf("crowd")).hasSize(60);
    assertThat(verdict().path("valid").asBoolean()).as(verdict().toString()).isTrue();
  }

  @Test
  void theDatabaseTakesNothingBack() {
    responder().post("/api/v1/incidents/" + open() + "/annotations", Map.of("text", "a deed"));

    for (var statement :
        List.of(
            "update audit_entry set actor = 'user:eve'",
            "delete from audit_entry",
            "truncate audit_entry",
            "delete from audit_head")) {
      assertThatThrownBy(() -> jdbc.sql(statement).update())
          .as(statement)
          .hasMessageContaining("append-only");
    }
    assertThatThrownBy(() ->
            jdbc.sql(
                    """
                    insert into audit_entry
                    select seq + 7, at, actor, remote, action, subject, outcome, hash, hash
                    from audit_entry order by seq desc limit 1
                    """)
                .update())
        .hasMessageContaining("does not continue");
  }

  @Test
  void verificationNamesTheFirstBrokenLink() {
    open();
    open();
    long seq = count();
    assertThat(verdict().path("valid").asBoolean()).isTrue();
    var actor =
        jdbc.sql("select actor from audit_entry where seq = ?")
            .param(seq)
            .query(String.class)
            .single();

    tamper("update audit_entry set actor = 'user:eve' where seq = " + seq);
    try {
      assertThat(verdict().path("valid").asBoolean()).isFalse();
      assertThat(verdict().path("brokenAt").asLong()).isEqualTo(seq);
      assertThat(verdict().path("reason").asString()).contains("does not fit its hash");
    } finally {
      tamper("update audit_entry set actor = '" + actor + "' where seq = " + seq);
    }
    assertThat(verdict().path("valid").asBoolean()).isTrue();
  }

  @Test
  void aTimelineThatIsRewrittenAsAWholeShows() {
    var id = open();
    var path = "/api/v1/incidents/" + id;
    as("anchor", Scope.READ, Scope.RESPOND)
        .post(path + "/annotations", Map.of("text", "the disk is full"));
    var seen = trailOf("anchor").getFirst().path("timeline");
    assertThat(seen.path("incident").asString()).isEqualTo(id);
    assertThat(
            timeline
                .entries(UUID.fromString(id), seen.path("seq").asLong() - 1, 1)
                .getFirst()
                .hash())
        .isEqualTo(seen.path("hash").asString());
    assertThat(verdict().path("valid").asBoolean()).as(verdict().toString()).isTrue();
    untilItIsTold(id);

    rewrite(id);
    try {
      assertThat(responder().get(path + "/timeline/verify").body().path("valid").asBoolean())
          .as("it is whole in itself")
          .isTrue();
      assertThat(verdict().path("valid").asBoolean()).isFalse();
      assertThat(verdict().path("reason").asString())
          .startsWith("the timeline of incident " + id + " was rewritten");
    } finally {
      restore(id);
    }
    assertThat(verdict().path("valid").asBoolean()).as(verdict().toString()).isTrue();
  }

  private void untilItIsTold(String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            jdbc.sql(
                    """
                    select count(*) > 0 and bool_and(state not in ('WAITING', 'SENDING'))
                    from notification where incident_id = cast(? as uuid)
                    """)
                .param(id)
                .query(Boolean.class)
                .single());
  }

  /** As who has the database does it: another text, and every hash after it made anew. */
  private void rewrite(String id) {
    var incident = UUID.fromString(id);
    var drafts =
        timeline.entries(incident, 0, 100).stream()
            .map(e ->
                new Draft(
                    e.ts(),
                    e.kind(),
                    e.actor(),
                    e.summary().replace("the disk is full", "all is well"),
                    e.data()))
            .toList();
    jdbc.sql(
            "create table kept as select * from timeline_entry where incident_id = '%s'"
                .formatted(incident))
        .update();
    jdbc.sql(
            "create table kept_head as select * from timeline_head where incident_id = '%s'"
                .formatted(incident))
        .update();
    clear(incident, 0, "0".repeat(64));
    transactions.once(() -> timeline.append(incident, drafts));
  }

  private void restore(String id) {
    var head = jdbc.sql("select * from kept_head").query().singleRow();
    clear(UUID.fromString(id), (Long) head.get("seq"), (String) head.get("hash"));
    jdbc.sql("insert into timeline_entry select * from kept order by seq").update();
    jdbc.sql("drop table kept").update();
    jdbc.sql("drop table kept_head").update();
  }

  private void clear(UUID incident, long seq, String hash) {
    jdbc.sql("alter table timeline_entry disable trigger timeline_append_only").update();
    try {
      jdbc.sql("delete from timeline_entry where incident_id = ?").param(incident).update();
    } finally {
      jdbc.sql("alter table timeline_entry enable trigger timeline_append_only").update();
    }
    jdbc.sql("update timeline_head set seq = ?, hash = ? where incident_id = ?")
        .params(seq, hash, incident)
        .update();
  }

  private void tamper(String statement) {
    jdbc.sql("alter table audit_entry disable trigger audit_append_only").update();
    try {
      jdbc.sql(statement).update();
    } finally {
      jdbc.sql("alter table audit_entry enable trigger audit_append_only").update();
    }
  }

  private JsonNode verdict() {
    return admin().get("/api/v1/audit/verify").body();
  }

  private long count() {
    return jdbc.sql("select count(*) from audit_entry").query(Long.class).single();
  }
}
