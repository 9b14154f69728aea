package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Call;
import dev.watchtower.incident.DiscordStandIn.Fault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Cards at a stand-in Discord, over real HTTP and with its faults. */
class DiscordIT extends DiscordWorld {
  private static List<Call> callsFor(String incident) {
    return DISCORD.calls().stream().filter(c -> c.body().toString().contains(incident)).toList();
  }

  @Test
  void oneCardLivesThroughTheIncidentAndTheResolutionIsAMessageOfItsOwn() {
    var service = freshService();
    var incident = fire(service);
    soon().until(() -> DISCORD.messagesWith(incident).size() == 1);
    var card = DISCORD.messagesWith(incident).keySet().iterator().next();

    send(incident, "ACKNOWLEDGE");
    soon()
        .until(() -> DISCORD.messagesWith(incident).get(card).toString().contains("ACKNOWLEDGED"));
    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 2);

    var messages = DISCORD.messagesWith(incident);
    assertThat(messages.get(card).toString()).contains("RESOLVED");
    assertThat(List.copyOf(messages.values()).getLast().path("content").asString())
        .contains("Resolved");
    var posts = callsFor(incident).stream().filter(c -> c.method().equals("POST")).toList();
    assertThat(posts).hasSize(2).allSatisfy(p -> assertThat(p.query()).startsWith("wait=true"));
    assertThat(posts.getFirst().body().path("content").asString()).startsWith("<@&4711> ");
    assertThat(callsFor(incident))
        .allSatisfy(
            c -> assertThat(c.body().path("allowed_mentions").path("parse").size()).isZero());
    var told =
        responder()
            .get("/api/v1/incidents/" + incident + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("kind").asString().equals("NOTIFICATION"))
            .toList();
    assertThat(told).hasSize(2);
  }

  @Test
  void aStormOfRefusalsAndBrokenConnectionsNeitherLosesNorDoublesTheCard() {
    DISCORD.fail(
        limited(0.1),
        limited(0.05),
        new Fault.Answer(500, "oops", Map.of()),
        new Fault.Reset(),
        limited(0.1));
    var incident = fire(freshService());

    soon().until(() -> isQuiet() && DISCORD.isHealthy());

    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
    assertThat(notifications(incident))
        .singleElement()
        .satisfies(n -> assertThat(n.path("state").asString()).isEqualTo("SENT"))
        .satisfies(n -> assertThat(n.path("attempts").asInt()).isGreaterThanOrEqualTo(5));
  }

  @Test
  void anAnswerThatGetsLostDoublesNothingWhereTheNonceIsHonoured() {
    DISCORD.fail(new Fault.LostAnswer(), new Fault.LostAnswer());
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.isHealthy());
    send(incident, "ACKNOWLEDGE");
    send(incident, "MITIGATE");
    soon().until(this::isQuiet);
    DISCORD.fail(new Fault.LostAnswer());
    send(incident, "RESOLVE");
    soon().until(() -> isQuiet() && DISCORD.isHealthy());

    assertThat(DISCORD.messagesWith(incident)).hasSize(2);
    assertThat(callsFor(incident).stream().filter(c -> c.method().equals("POST")).count())
        .isGreaterThanOrEqualTo(4);
  }

  @Test
  void anAnswerThatBreaksOffHalfWayLosesAndDoublesNothing() {
    DISCORD.fail(new Fault.TornAnswer());
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.isHealthy());
    DISCORD.fail(new Fault.TornAnswer());
    send(incident, "ACKNOWLEDGE");
    soon().until(() -> isQuiet() && DISCORD.isHealthy());

    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
    assertThat(cardOf(incident)).contains("ACKNOWLEDGED");
    assertThat(notifications(incident))
        .allSatisfy(n -> assertThat(n.path("state").asString()).isEqualTo("SENT"))
        .allSatisfy(n -> assertThat(n.path("attempts").asInt()).isGreaterThan(1));
  }

  @Test
  void editsThatWaitBecomeOneThatShowsTheNewestState() {
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    discordRefuses();

    send(incident, "ACKNOWLEDGE");
    awaitRefusal(incident);
    send(incident, "INVESTIGATE");
    send(incident, "IDENTIFY");
    discordIsBack();
    soon().until(this::isQuiet);

    var edits = callsFor(incident).stream().filter(c -> c.method().equals("PATCH")).toList();
    assertThat(edits).hasSizeBetween(2, 3);
    assertThat(edits.getLast().body().toString()).contains("IDENTIFIED");
    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
  }

  @Test
  void anEditWhoseAnswerGotLostIsTakenBackWhenTheIncidentIsAsBefore() {
    var incident = fire(freshService());
    assign(incident, "ann");
    soon().until(() -> isQuiet() && cardOf(incident).contains("ann"));
    // Discord shows it, though nobody here knows.
    DISCORD.fail(new Fault.LostAnswer());
    discordRefuses();
    assign(incident, "bob");
    awaitRefusal(incident);
    assertThat(cardOf(incident)).contains("bob");

    assign(incident, "ann");
    discordIsBack();
    soon().until(this::isQuiet);

    assertThat(cardOf(incident)).contains("ann").doesNotContain("bob");
  }

  private void assign(String incident, String person) {
    var path = "/api/v1/incidents/" + incident + "/assignee";
    assertThat(responder().post(path, Map.of("assignee", person)).status()).isEqualTo(200);
  }

  private static String cardOf(String incident) {
    return DISCORD.messagesWith(incident).values().stream()
        .map(Object::toString)
        .findFirst()
        .orElse("");
  }

  @Test
  void theBucketsHeadersAreObeyedBeforeARefusal() {
    DISCORD.headers(Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "0.3"));
    try {
      long before = System.nanoTime();
      var first = fire(freshService());
      var second = fire(freshService());
      soon()
          .until(() ->
              DISCORD.messagesWith(first).size() == 1 && DISCORD.messagesWith(second).size() == 1);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(300));
    } finally {
      DISCORD.headers(Map.of());
    }
  }

  @Test
  void aCardThatSomebodyDeletedIsPostedAgain() {
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    DISCORD.delete(DISCORD.messagesWith(incident).keySet().iterator().next());

    send(incident, "ACKNOWLEDGE");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);

    assertThat(DISCORD.messagesWith(incident).values().iterator().next().toString())
        .contains("ACKNOWLEDGED");
  }

  @Test
  void aCardThatIsPostedAgainAndWhoseAnswerGetsLostShowsWhatChangedSince() {
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    DISCORD.delete(DISCORD.messagesWith(incident).keySet().iterator().next());
    // The edit that finds it gone; then the post.
    DISCORD.fail(new Fault.None(), new Fault.LostAnswer());
    discordRefuses();
    send(incident, "ACKNOWLEDGE");
    awaitRefusal(incident);

    send(incident, "MITIGATE");

    discordIsBack();
    soon().until(this::isQuiet);

    assertThat(DISCORD.messagesWith(incident).values())
        .singleElement()
        .satisfies(card -> assertThat(card.toString()).contains("MITIGATED"));
  }

  @Test
  void aCardThatVanishedIsPostedAgainAlsoWhenNothingChanges() {
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    var card = DISCORD.messagesWith(incident).keySet().iterator().next();
    DISCORD.delete(card);
    int reads = DISCORD.reads();

    advance(Duration.ofMinutes(16));
    soon().until(() -> DISCORD.messagesWith(incident).size() == 1 && isQuiet());

    assertThat(DISCORD.reads()).isGreaterThan(reads);
    assertThat(DISCORD.messagesWith(incident)).doesNotContainKey(card);
    assertThat(responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString())
        .contains("The card had vanished from discord; it is posted again");
  }

  @Test
  void aWebhookThatIsGoneIsNotCalledAgainAndThatIsSaid() {
    try {
      DISCORD.fail(
          new Fault.Answer(404, "{\"message\":\"Unknown Webhook\",\"code\":10015}", Map.of()));
      var incident = fire(freshService());
      soon().until(this::isQuiet);
      int calls = DISCORD.calls().size();
      send(incident, "ACKNOWLEDGE");
      var other = fire(freshService());
      soon().until(this::isQuiet);

      assertThat(DISCORD.calls()).hasSize(calls);
      var page = responder().get("/api/v1/notifications").body();
      assertThat(page.path("channels").path(0).path("state").asString()).isEqualTo("BROKEN");
      assertThat(notifications(other).getFirst().path("why").asString()).contains("404");
      var timeline = responder().get("/api/v1/incidents/" + incident + "/timeline").body();
      assertThat(timeline.toString()).contains("was not told").doesNotContain("abc-secret");
      assertThat(page.toString()).doesNotContain("abc-secret");
      assertThat(nobody().get("/health").body().toString())
          .contains("BROKEN")
          .doesNotContain("abc-secret");
    } finally {
      jdbc.sql("delete from channel_fault").update();
    }
  }

  @Test
  void anOutageTakenLateIsNotToldAgainButItsEndIs() {
    var service = freshService();
    var late =
        new Signal(
            UUID.randomUUID(),
            "down|" + service,
            SignalKind.SERVICE_DOWN,
            SignalStatus.FIRING,
            "probe",
            service,
            "prod",
            Severity.SEV1,
            service + " is down",
            CLOCK.instant().minusSeconds(20),
            null,
            CLOCK.instant().minusSeconds(10));
    var answer = responder().post("/api/v1/signals", late);
    assertThat(answer.body().path("late").asBoolean(false)).as("its sender is to tell").isTrue();
    var again = responder().post("/api/v1/signals", late);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body().path("late").asBoolean(false)).isTrue();
    var incident = answer.text("incident");
    send(incident, "ACKNOWLEDGE");
    assertThat(notifications(incident)).isEmpty();

    send(incident, "MITIGATE");
    send(incident, "RESOLVE");
    soon().until(() -> isQuiet() && !DISCORD.messagesWith(incident).isEmpty());
    assertThat(DISCORD.messagesWith(incident).values())
        .singleElement()
        .satisfies(m -> assertThat(m.path("content").asString()).contains("Resolved"));
  }

  @Test
  void theLikelyCauseComesOntoTheCardWithItsMarkupMadeHarmless() {
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    var analysis = new LinkedHashMap<String, Object>();
    analysis.put("id", UUID.randomUUID());
    analysis.put("incidentId", incident);
    analysis.put("status", "DONE");
    analysis.put("source", "STATISTICAL");
    analysis.put("degraded", "no model is configured");
    analysis.put("candidates", List.of());
    analysis.put(
        "hypotheses",
        List.of(
            Map.of(
                "rank",
                1,
                "statement",
                "@everyone see [this](https://evil.example) **now**",
                "confidence",
                0.9,
                "evidence",
                List.of("e1"))));
    analysis.put("suggestions", List.of());
    analysis.put("evidence", List.of());
    analysis.put("tokens", 0);
    analysis.put("millis", 12);
    analysis.put("createdAt", CLOCK.instant().toString());
    var path = "/api/v1/incidents/" + incident + "/analysis";
    var service = asService("analysis", Scope.ANALYSIS_WRITE);

    assertThat(service.post(path, analysis).status()).isEqualTo(202);
    assertThat(service.post(path, analysis).status()).isEqualTo(200);

    soon()
        .until(() ->
            DISCORD
                .messagesWith(incident)
                .values()
                .iterator()
                .next()
                .toString()
                .contains("Likely cause"));
    var card = DISCORD.messagesWith(incident).values().iterator().next().toString();
    assertThat(card).doesNotContain("@everyone", "https://evil.example", "**now**");
    var entries =
        responder()
            .get("/api/v1/incidents/" + incident + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("kind").asString().equals("ANALYSIS"))
            .toList();
    assertThat(entries).hasSize(1);
    assertThat(entries.getFirst().path("data").path("hypotheses").size()).isEqualTo(1);
    assertThat(ANALYSIS.requests())
        .filteredOn(r -> r.body().contains(incident))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.body()).contains("\"changedAt\":\"2"));
  }
}
