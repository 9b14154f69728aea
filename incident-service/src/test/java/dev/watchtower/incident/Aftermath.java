package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.IncidentModel.Known;
import dev.watchtower.incident.lifecycle.TransitionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** What must hold when all is over: of timelines, their chains, and what people were told. */
final class Aftermath {
  private static final String IN_DOUBT = "; an earlier attempt may have arrived";
  private static final List<String> OVER = List.of("MITIGATED", "RESOLVED");

  // A request has its time when it comes in, and its entry when it has the incident.
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  private final Api api;
  private final UnreliableDiscord discord;

  Aftermath(Api api, UnreliableDiscord discord) {
    this.api = api;
    this.discord = discord;
  }

  /** The timeline, all of it. */
  List<JsonNode> timeline(String incident) {
    var all = new ArrayList<JsonNode>();
    var page = "";
    do {
      var body = api.get("/api/v1/incidents/" + incident + "/timeline?limit=200" + page).body();
      body.path("items").forEach(all::add);
      var next = body.path("next").asString("");
      page = next.isEmpty() ? "" : "&page=" + next;
    } while (!page.isEmpty());
    return all;
  }

  /** Numbers without a gap, a whole chain, and no move that the table does not have. */
  List<JsonNode> checkedTimeline(String incident) {
    var entries = timeline(incident);
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).path("seq").asLong()).as(incident).isEqualTo(i + 1L);
    }
    var verification = api.get("/api/v1/incidents/" + incident + "/timeline/verify").body();
    assertThat(verification.path("valid").asBoolean()).as(verification.toString()).isTrue();
    var state = IncidentState.OPEN;
    for (var entry : of(entries, "STATE_CHANGED")) {
      var data = entry.path("data");
      assertThat(data.path("from").asString()).as(entry.toString()).isEqualTo(state.name());
      state =
          TransitionTable.next(state, IncidentEvent.valueOf(data.path("event").asString()))
              .orElseThrow(() -> new AssertionError("an illegal move: " + entry));
      assertThat(data.path("to").asString()).as(entry.toString()).isEqualTo(state.name());
    }
    assertThat(api.get("/api/v1/incidents/" + incident).text("state")).isEqualTo(state.name());
    return entries;
  }

  /** An incident is as the model has it, entry by entry. */
  void check(Known known) {
    var entries = checkedTimeline(known.id);
    assertThat(api.get("/api/v1/incidents/" + known.id).text("state"))
        .as(known.id)
        .isEqualTo(known.state.name());
    assertThat(
            of(entries, "ANNOTATION").stream()
                .map(e -> e.path("data").path("text").asString(""))
                .filter(text -> text.startsWith("note ")))
        .as("no note lost, none doubled")
        .containsExactlyInAnyOrderElementsOf(known.notes);
    if (!known.regrouped) {
      assertThat(of(entries, "STATE_CHANGED")).as(known.id).hasSize(known.moves);
      assertThat(of(entries, "SIGNAL_FIRED")).as(known.id).hasSize(known.fired);
      assertThat(of(entries, "SIGNAL_CLEARED")).as(known.id).hasSize(known.cleared);
    }
  }

  static List<JsonNode> of(List<JsonNode> entries, String kind) {
    return entries.stream().filter(e -> e.path("kind").asString().equals(kind)).toList();
  }

  /** Waits until nothing waits, then compares what was to be told with what Discord has. */
  void checkMessages(List<String> incidents) {
    discord.failAtRandom(0);
    await("everything is told")
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> isEmpty("WAITING") && isEmpty("SENDING"));
    var posted = discord.byNonce();
    assertThat(discord.count()).as("no message without a nonce").isEqualTo(posted.size());
    var due = new HashSet<String>();
    for (var incident : incidents) {
      var notices = notices(incident);
      var opened = 0;
      for (var notice : notices) {
        var kind = notice.path("kind").asString();
        var state = notice.path("state").asString();
        var nonce = notice.path("id").asString().replace("-", "").substring(0, 25);
        if (state.equals("SKIPPED")) {
          checkSkipped(incident, notice, notices);
        }
        if (kind.equals("EDIT")) {
          assertThat(state).as(notice.toString()).isIn("SENT", "SKIPPED");
          continue;
        }
        if (state.equals("SKIPPED")) {
          assertThat(kind).as(notice.toString()).isIn("ESCALATION", "WORSE");
          if (posted.containsKey(nonce)) {
            assertThat(notice.path("why").asString()).endsWith(IN_DOUBT);
            due.add(nonce);
          }
          continue;
        }
        assertThat(state).as(notice.toString()).isEqualTo("SENT");
        assertThat(posted).as(notice.toString()).containsKey(nonce);
        due.add(nonce);
        if (kind.equals("OPENED")) {
          opened++;
          // An edit may follow one that was just sent.
          await("the card of " + incident)
              .atMost(Duration.ofSeconds(20))
              .untilAsserted(
                  () -> checkCard(incident, Objects.requireNonNull(discord.byNonce().get(nonce))));
        }
      }
      assertThat(opened).as("one card for " + incident).isEqualTo(1);
    }
    assertThat(posted.keySet()).as("nothing is told that was not to be").isEqualTo(due);
  }

  /** What was not sent is not missed: what is said of why is so. */
  private void checkSkipped(String incident, JsonNode notice, List<JsonNode> notices) {
    var why = notice.path("why").asString().replace(IN_DOUBT, "");
    var since = Instant.parse(notice.path("createdAt").asString()).minus(ON_THE_WAY);
    var entries = timeline(incident);
    switch (why) {
      case "it is over already" ->
          assertThat(of(entries, "STATE_CHANGED"))
              .as(notice.toString())
              .anyMatch(e -> OVER.contains(e.path("data").path("to").asString()));
      case "somebody is on it already" ->
          assertThat(entries)
              .as(notice.toString())
              .filteredOn(e -> e.path("actor").path("type").asString().equals("PERSON"))
              .anyMatch(e -> !Instant.parse(e.path("ts").asString()).isBefore(since));
      case "a later one that waits says it" ->
          assertThat(notices)
              .as(notice.toString())
              .filteredOn(n -> n.path("kind").equals(notice.path("kind")))
              .anyMatch(n -> n.path("seq").asLong() > notice.path("seq").asLong());
      default -> throw new AssertionError("not sent, and no reason for it: " + notice);
    }
  }

  /** The card shows in the end what the incident has come to, however often it was edited. */
  private void checkCard(String incident, JsonNode card) {
    var now = api.get("/api/v1/incidents/" + incident).body();
    var shown = card.path("embeds").path(0).path("fields").path(0).path("value").asString();
    var assignee = now.path("assignee").asString("");
    assertThat(shown).as("the card of " + incident).contains(" " + now.path("state").asString());
    assertThat(shown)
        .as("the card of " + incident)
        .endsWith(
            "· " + now.path("severity").asString() + (assignee.isEmpty() ? "" : " · " + assignee));
  }

  private boolean isEmpty(String state) {
    return api.get("/api/v1/notifications?state=" + state).body().path("items").isEmpty();
  }

  private List<JsonNode> notices(String incident) {
    return api.get("/api/v1/notifications?limit=200&incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }
}
