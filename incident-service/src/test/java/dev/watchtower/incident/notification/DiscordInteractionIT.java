package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordApplicationStandIn;
import dev.watchtower.incident.RunningService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Buttons pressed in Discord, over real HTTP and signed with generated keys. */
class DiscordInteractionIT extends RunningService {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AtomicLong NEXT_ID = new AtomicLong(9_000);
  private static final String MAPPED = "100000000000000001";
  private static final String DISABLED = "100000000000000003";
  private static final int EPHEMERAL = 64;

  private HttpResponse<String> post(String body, String signature, Instant at) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + port + "/api/v1/discord/interactions"))
              .header("Content-Type", "application/json")
              .header("X-Signature-Ed25519", signature)
              .header("X-Signature-Timestamp", Long.toString(at.getEpochSecond()))
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> signed(String body) {
    return post(body, DISCORD_APPLICATION.sign(CLOCK.instant(), body), CLOCK.instant());
  }

  private static String pressed(String event, String incident, String user) {
    return """
    {"type":3,"id":"%d","member":{"user":{"id":"%s","username":"whoever"}},
     "data":{"component_type":2,"custom_id":"watchtower:%s:%s"}}\
    """
        .formatted(NEXT_ID.incrementAndGet(), user, event, incident);
  }

  private String fire() {
    return responder()
        .post("/api/v1/signals", signal(freshService(), "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  private String state(String incident) {
    return responder().get("/api/v1/incidents/" + incident).text("state");
  }

  private static JsonNode only(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var body = JSON.readTree(response.body());
    assertThat(body.path("type").asInt()).isEqualTo(4);
    assertThat(body.path("data").path("flags").asInt()).isEqualTo(EPHEMERAL);
    assertThat(body.path("data").path("allowed_mentions").path("parse").size()).isZero();
    return body.path("data").path("content");
  }

  @Test
  void aPingIsAnsweredWithAPong() {
    var response = signed("{\"type\":1}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"type\":1}");
  }

  @Test
  void whatIsNotSignedByTheApplicationOrNotFreshIsRefused() {
    var ping = "{\"type\":1}";
    var now = CLOCK.instant();
    var good = DISCORD_APPLICATION.sign(now, ping);

    assertThat(post(ping, good, now).statusCode()).isEqualTo(200);
    assertThat(post(ping + " ", good, now).statusCode()).isEqualTo(401);
    assertThat(post(ping, good, now.plusSeconds(1)).statusCode()).isEqualTo(401);
    assertThat(post(ping, "00".repeat(64), now).statusCode()).isEqualTo(401);
    assertThat(post(ping, "no hex", now).statusCode()).isEqualTo(401);
    assertThat(post(ping, new DiscordApplicationStandIn().sign(now, ping), now).statusCode())
        .isEqualTo(401);
    var old = now.minus(Duration.ofMinutes(6));
    assertThat(post(ping, DISCORD_APPLICATION.sign(old, ping), old).statusCode()).isEqualTo(401);
    var early = now.plus(Duration.ofMinutes(6));
    assertThat(post(ping, DISCORD_APPLICATION.sign(early, ping), early).statusCode())
        .isEqualTo(401);
    assertThat(nobody().post("/api/v1/discord/interactions", ping).status()).isEqualTo(401);
    assertThat(responder().post("/api/v1/discord/interactions", ping).status()).isEqualTo(401);
  }

  @Test
  void aMappedPersonAcknowledgesAndResolvesAndTheCardFollows() {
    var incident = fire();
    await().until(() -> DISCORD.messagesWith(incident).size() == 1);
    var card = DISCORD.messagesWith(incident).values().iterator().next();
    var buttons = card.path("components").path(0).path("components");
    assertThat(buttons.path(0).path("custom_id").asString())
        .isEqualTo("watchtower:ACKNOWLEDGE:" + incident);
    assertThat(buttons.path(0).path("disabled").asBoolean()).isFalse();
    assertThat(buttons.path(1).path("disabled").asBoolean()).isTrue();
    assertThat(DISCORD.calls().getLast().query()).contains("with_components=true");

    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, MAPPED))).asString())
        .contains("is ACKNOWLEDGED now");
    assertThat(state(incident)).isEqualTo("ACKNOWLEDGED");
    var moved =
        responder()
            .get("/api/v1/incidents/" + incident + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("kind").asString().equals("STATE_CHANGED"))
            .findFirst()
            .orElseThrow();
    assertThat(moved.path("actor").path("type").asString()).isEqualTo("PERSON");
    assertThat(moved.path("actor").path("name").asString()).isEqualTo("ann");
    assertThat(only(signed(pressed("RESOLVE", incident, MAPPED))).asString())
        .contains("RESOLVE is not possible now. Possible is: INVESTIGATE, MITIGATE");
    assertThat(state(incident)).isEqualTo("ACKNOWLEDGED");

    responder().post("/api/v1/incidents/" + incident + "/transitions", "{\"event\":\"MITIGATE\"}");
    assertThat(only(signed(pressed("RESOLVE", incident, MAPPED))).asString())
        .contains("is RESOLVED now");
    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, MAPPED))).asString())
        .contains("does not change any more");
    await()
        .until(() ->
            DISCORD.messagesWith(incident).values().stream()
                .anyMatch(
                    m -> m.toString().contains("RESOLVED") && m.path("components").isEmpty()));
  }

  @Test
  void whoAcknowledgesWhatWasTakenUpBeforeIsNotedToBeOnIt() {
    var incident = fire();
    responder()
        .post("/api/v1/incidents/" + incident + "/transitions", "{\"event\":\"ACKNOWLEDGE\"}");
    await()
        .until(() ->
            DISCORD.messagesWith(incident).values().stream()
                .anyMatch(m -> m.toString().contains("ACKNOWLEDGED")));
    var card = DISCORD.messagesWith(incident).values().iterator().next();
    var button = card.path("components").path(0).path("components").path(0);
    assertThat(button.path("disabled").asBoolean()).isFalse();

    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, MAPPED))).asString())
        .contains("is ACKNOWLEDGED: it is noted that you are on it");

    assertThat(responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString())
        .contains("ann is on it (pressed in Discord)");
  }

  @Test
  void whoAcknowledgesARelapseThatNobodyHadTakenUpHasTakenItUp() {
    var service = freshService();
    var api = responder();
    var incident =
        api.post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
            .text("incident");
    for (var status : new SignalStatus[] {SignalStatus.CLEARED, SignalStatus.FIRING}) {
      CLOCK.advance(Duration.ofSeconds(1));
      api.post("/api/v1/signals", signal(service, "high-error-rate", status));
    }
    assertThat(state(incident)).isEqualTo("INVESTIGATING");

    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, MAPPED))).asString())
        .contains("it is noted that you are on it");

    assertThat(api.get("/api/v1/incidents/" + incident).text("acknowledgedAt"))
        .isEqualTo(CLOCK.instant().toString());
  }

  @Test
  void whoIsNotMappedIsToldSoAndNothingHappens() {
    var incident = fire();

    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, "200000000000000002"))).asString())
        .contains("not a responder", "200000000000000002");

    assertThat(state(incident)).isEqualTo("OPEN");
  }

  @Test
  void whoMayNotWorkOnIncidentsAnyMoreIsToldSoAndNothingHappens() {
    var incident = fire();

    assertThat(only(signed(pressed("ACKNOWLEDGE", incident, DISABLED))).asString())
        .contains("Gone may not work on incidents");
    assertThat(state(incident)).isEqualTo("OPEN");
  }

  @Test
  void theAuditTrailNamesWhoPressed() {
    var incident = fire();
    var odd = pressed("ACKNOWLEDGE", incident, "200000000000000002");
    signed(pressed("ACKNOWLEDGE", incident, MAPPED));
    signed(odd.replace("whoever", "b\\u202Eob\\n`x`"));

    var trail =
        as("root", Scope.READ, Scope.ADMIN)
            .get("/api/v1/audit")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("action").asString().contains(incident))
            .toList();
    assertThat(trail.stream().map(e -> e.path("actor").asString()))
        .containsExactly(
            "discord:200000000000000002 (bob`x`)", "discord:%s (whoever)".formatted(MAPPED));
    assertThat(trail.getFirst().path("action").asString())
        .isEqualTo("POST /api/v1/discord/interactions: ACKNOWLEDGE " + incident);
    assertThat(anchorOf(incident)).isEqualTo(incident);
  }

  @Test
  void whoPressedIsInTheAuditTrailAlsoWhereItFails() {
    var incident = fire();
    var id = "'" + incident + "'";
    jdbc.sql(
            """
            create function refuse() returns trigger language plpgsql as $$
            begin
              raise exception 'no';
            end $$;
            create trigger refuse before update on incident for each row
              when (new.id = %s) execute function refuse()
            """
                .formatted(id))
        .update();
    try {
      assertThat(signed(pressed("ACKNOWLEDGE", incident, MAPPED)).statusCode()).isEqualTo(500);
    } finally {
      jdbc.sql("drop trigger refuse on incident; drop function refuse()").update();
    }

    assertThat(
            as("root", Scope.READ, Scope.ADMIN)
                .get("/api/v1/audit")
                .body()
                .path("items")
                .valueStream()
                .filter(e -> e.path("action").asString().contains(incident))
                .map(e -> e.path("actor").asString() + " " + e.path("outcome").asString()))
        .containsExactly("discord:%s (whoever) 500".formatted(MAPPED));
  }

  @Test
  void theSameRequestSentTwiceActsOnce() {
    var incident = fire();
    var body = pressed("ACKNOWLEDGE", incident, MAPPED);
    var at = CLOCK.instant();
    var signature = DISCORD_APPLICATION.sign(at, body);

    assertThat(only(post(body, signature, at)).asString()).contains("is ACKNOWLEDGED now");
    assertThat(only(post(body, signature, at)).asString()).contains("done already");
  }

  @Test
  void whatIsNoButtonOfOursIsABadRequest() {
    assertThat(signed("{\"type\":2}").statusCode()).isEqualTo(400);
    assertThat(signed("nonsense").statusCode()).isEqualTo(400);
    assertThat(
            signed("{\"type\":3,\"id\":\"5\",\"data\":{\"custom_id\":\"watchtower:DISMISS:x\"}}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            only(signed(pressed("RESOLVE", "00000000-0000-0000-0000-000000000000", MAPPED)))
                .asString())
        .contains("no such incident");
  }
}
