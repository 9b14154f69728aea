package dev.watchtower.incident.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the database itself refuses, and what the chain shows when somebody gets past that. */
class ImmutabilityIT extends RunningService {
  private UUID resolved() {
    var api = responder();
    var id =
        api.post("/api/v1/signals", signal(freshService(), "rule", SignalStatus.FIRING))
            .text("incident");
    var answer =
        api.post(
            "/api/v1/incidents/" + id + "/transitions",
            Map.of("event", "DISMISS", "comment", "a test"));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return UUID.fromString(id);
  }

  @Test
  void aResolvedIncidentCanNeitherBeChangedNorDeleted() {
    var id = resolved();

    assertThatThrownBy(
            () -> jdbc.sql("update incident set title = 'x' where id = ?").param(id).update())
        .hasMessageContaining("is resolved");
    assertThatThrownBy(() -> jdbc.sql("delete from incident where id = ?").param(id).update())
        .hasMessageContaining("is resolved");
    assertThatThrownBy(() ->
            jdbc.sql("update incident_signal set summary = 'x' where incident_id = ?")
                .param(id)
                .update())
        .hasMessageContaining("is resolved");
  }

  @Test
  void timelinesAreAppendOnly() {
    var id = resolved();

    assertThatThrownBy(() ->
            jdbc.sql("update timeline_entry set summary = 'x' where incident_id = ?")
                .param(id)
                .update())
        .hasMessageContaining("append-only");
    assertThatThrownBy(
            () -> jdbc.sql("delete from timeline_entry where incident_id = ?").param(id).update())
        .hasMessageContaining("append-only");
    assertThatThrownBy(() -> jdbc.sql("truncate timeline_entry").update())
        .hasMessageContaining("append-only");
  }

  @Test
  void aResolvedIncidentTakesNotesButNoTransitions() {
    var id = resolved();
    var api = responder();

    var note =
        api.post("/api/v1/incidents/" + id + "/annotations", Map.of("text", "looked at the logs"));
    assertThat(note.status()).isEqualTo(201);
    assertThatThrownBy(() ->
            jdbc.sql(
                    """
                    insert into timeline_entry
                    select incident_id, seq + 1, ts, 'STATE_CHANGED', actor_type, actor_name,
                      summary, data, hash, hash
                    from timeline_entry where incident_id = ? order by seq desc limit 1
                    """)
                .param(id)
                .update())
        .hasMessageContaining("no STATE_CHANGED entry can follow");
    assertThat(
            api.post("/api/v1/incidents/" + id + "/assignee", Map.of("assignee", "bob"))
                .text("type"))
        .isEqualTo("/problems/incident-resolved");
  }

  @Test
  void verificationNamesTheFirstBrokenLink() {
    var id = resolved();
    var api = responder();
    api.post("/api/v1/incidents/" + id + "/annotations", Map.of("text", "a note"));
    var path = "/api/v1/incidents/" + id + "/timeline/verify";
    assertThat(api.get(path).body().path("valid").asBoolean()).isTrue();

    jdbc.sql("alter table timeline_entry disable trigger timeline_append_only").update();
    try {
      jdbc.sql("update timeline_entry set summary = 'x' where incident_id = ? and seq = 2")
          .param(id)
          .update();
    } finally {
      jdbc.sql("alter table timeline_entry enable trigger timeline_append_only").update();
    }

    var verdict = api.get(path).body();
    assertThat(verdict.path("valid").asBoolean()).isFalse();
    assertThat(verdict.path("brokenAt").asLong()).isEqualTo(2);
    assertThat(verdict.path("entries").asLong()).isEqualTo(1);
  }

  @Test
  void verificationNoticesEntriesThatWereCutOffTheEnd() {
    var id = resolved();
    // What is told of it becomes an entry too: not one that comes in between.
    await().until(() -> toBeSent() == 0);
    jdbc.sql("drop table if exists cut_off").update();
    jdbc.sql("create table cut_off (like timeline_entry)").update();
    jdbc.sql("alter table timeline_entry disable trigger timeline_append_only").update();
    try {
      jdbc.sql(
              """
              with gone as (
                delete from timeline_entry e where incident_id = :id
                  and seq = (select max(seq) from timeline_entry where incident_id = :id)
                returning *)
              insert into cut_off select * from gone
              """)
          .param("id", id)
          .update();
    } finally {
      jdbc.sql("alter table timeline_entry enable trigger timeline_append_only").update();
    }

    assertThat(responder().get("/api/v1/incidents/" + id + "/timeline/verify").text("reason"))
        .contains("missing");
    // The audit trail knows it: other tests find it whole.
    jdbc.sql("insert into timeline_entry select * from cut_off").update();
    jdbc.sql("drop table cut_off").update();
  }

  @Test
  void aTimelineThatTakesNoEntryHoldsNoNotificationUp() {
    DISCORD.fail(new Fault.Answer(429, "{\"retry_after\":0.5,\"global\":false}", Map.of()));
    var api = responder();
    var broken =
        api.post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");
    jdbc.sql("update timeline_head set seq = seq + 1 where incident_id = ?")
        .param(UUID.fromString(broken))
        .update();

    var whole =
        api.post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");

    await()
        .atMost(Duration.ofSeconds(15))
        .until(() ->
            !DISCORD.messagesWith(broken).isEmpty() && !DISCORD.messagesWith(whole).isEmpty());
  }
}
