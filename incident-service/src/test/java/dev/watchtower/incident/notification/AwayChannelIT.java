package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.incident.DiscordStandIn.Fault;
import dev.watchtower.incident.HookStandIn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A channel that takes nothing, with the messages of several incidents in its line. */
class AwayChannelIT extends DiscordWorld {
  private int attempts(String incident) {
    return notifications(incident).getFirst().path("attempts").asInt();
  }

  // As if so much time had passed in which the message was tried again and again.
  private void stayAwayFor(Duration time, String first) {
    advance(time.minusSeconds(10));
    int before = Math.max(3, attempts(first));
    soon().until(() -> attempts(first) > before + 1);
    advance(Duration.ofSeconds(10));
  }

  private List<String> timeline(String incident, String kind) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals(kind))
        .map(e -> e.path("summary").asString())
        .toList();
  }

  @Test
  void aStepBehindTheMessageOfAnotherIncidentReachesNobodyAndTheNextComesAtOnce() {
    DISCORD.failOn(limited(0.2));
    var first = fire(freshService());
    var incident = fire("esc-22");

    stayAwayFor(Duration.ofMinutes(5), first);

    soon()
        .untilAsserted(() ->
            assertThat(timeline(incident, "ESCALATION"))
                .containsExactly(
                    "Nobody could be told in step 1 of the escalation: "
                        + "discord: an earlier message still waits there, the channel's rate limit",
                    "Escalated to boss on chat (step 2 of 2)",
                    "All steps of the escalation were done, and nobody took it up"));
    soon().until(() -> CHAT.takenWith(incident).size() == 1);
  }

  @Test
  void whatPeopleAskedForAgainIsNotTakenForWhatIsTried() {
    DISCORD.failOn(new Fault.Answer(400, "{}", Map.of()));
    var refused = fire(freshService());
    soon().until(() -> notifications(refused).toString().contains("FAILED"));
    DISCORD.failOn(limited(0.2));
    var since = CLOCK.instant();
    var first = fire(freshService());
    soon().until(() -> attempts(first) > 0);
    var incident = fire("esc-24");
    var again = notifications(refused).getFirst().path("id").asString();
    var path = "/api/v1/notifications/" + again + "/retry";
    assertThat(responder().post(path, "").status()).isEqualTo(200);

    stayAwayFor(Duration.ofMinutes(5), first);

    soon()
        .untilAsserted(() ->
            assertThat(timeline(incident, "ESCALATION"))
                .startsWith(
                    "Nobody could be told in step 1 of the escalation: "
                        + "discord: an earlier message still waits there, the channel's rate limit",
                    "Escalated to boss on chat (step 2 of 2)"));
    var channel = responder().get("/api/v1/notifications").body().path("channels").path(0);
    assertThat(channel.path("reason").asString()).isEqualTo("the channel's rate limit");
    assertThat(channel.path("since").asString()).isEqualTo(since.toString());
    assertThat(notifications(incident).getLast().path("reason").asString())
        .isEqualTo("waits behind an earlier message");
  }

  @Test
  void theNextStepIntoTheSameLineWaitsItsTime() {
    DISCORD.failOn(limited(0.2));
    var first = fire(freshService());
    var incident = fire("esc-23");

    stayAwayFor(Duration.ofMinutes(5), first);

    soon().untilAsserted(() -> assertThat(timeline(incident, "ESCALATION")).hasSize(1));
    advance(Duration.ofMinutes(9));
    assertThat(timeline(incident, "ESCALATION"))
        .containsExactly(
            "Nobody could be told in step 1 of the escalation: "
                + "discord: an earlier message still waits there, the channel's rate limit");
    discordIsBack();
    soon().until(this::isQuiet);
    advance(Duration.ofMinutes(1));
    soon()
        .untilAsserted(
            () -> assertThat(timeline(incident, "ESCALATION").getLast()).contains("(step 2 of 2)"));
    send(incident, "ACKNOWLEDGE");
  }

  @Test
  void aChannelWithoutAddressDoesNotMakeAnotherLineOfIt() {
    DISCORD.failOn(limited(0.2));
    var first = fire(freshService());
    var incident = fire("esc-25");

    stayAwayFor(Duration.ofMinutes(5), first);

    soon().untilAsserted(() -> assertThat(timeline(incident, "ESCALATION")).isNotEmpty());
    var stands = responder().get("/api/v1/incidents/" + incident + "/escalation").body();
    assertThat(stands.path("step").asInt()).isEqualTo(1);
    assertThat(stands.path("dueAt").asString())
        .isEqualTo(CLOCK.instant().plus(Duration.ofMinutes(10)).toString());
    assertThat(timeline(incident, "ESCALATION"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("in step 1 of", "unset: no address", "discord: an earlier message");
    send(incident, "DISMISS");
  }

  @Test
  void whereADependantWouldWaitInTheSameLineItIsMuted() {
    DISCORD.failOn(limited(0.2));
    var back = fire("g17-back");
    stayAwayFor(Duration.ofMinutes(3), back);

    var front = fire("g17-front");

    assertThat(front).isNotEqualTo(back);
    discordIsBack();
    soon().until(this::isQuiet);
    assertThat(DISCORD.messagesWith(front)).isEmpty();
  }

  @Test
  void aChannelWithoutAddressIsNoOtherPlaceToBeTold() {
    DISCORD.failOn(limited(0.2));
    var back = fire("g25-back");
    stayAwayFor(Duration.ofMinutes(3), back);

    var front = fire("g25-front");

    assertThat(front).isNotEqualTo(back);
    assertThat(timeline(front, "NOTIFICATION"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Nobody is told: muted by incident");
  }

  @Test
  void aBrokenChannelIsNoOtherPlaceToBeTold() {
    try {
      CHAT.fail(new HookStandIn.Fault.Answer(404, "no_service", Map.of()));
      var broken =
          as("root", Scope.ADMIN, Scope.READ)
              .post("/api/v1/notifications/test", Map.of("channel", "chat"));
      assertThat(broken.text("state")).isEqualTo("FAILED");
      DISCORD.failOn(limited(0.2));
      var back = fire("g26-back");
      stayAwayFor(Duration.ofMinutes(3), back);

      var front = fire("g26-front");

      assertThat(front).isNotEqualTo(back);
      assertThat(timeline(front, "NOTIFICATION"))
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWith("Nobody is told: muted by incident");
    } finally {
      jdbc.sql("delete from channel_fault").update();
    }
  }

  @Test
  void whatADisturbedChannelIsYetToTakeInhibitsNothing() {
    DISCORD.failOn(limited(0.2));
    var back = fire("g20-back");
    stayAwayFor(Duration.ofMinutes(3), back);

    var front = fire("g20-front");

    assertThat(front).isNotEqualTo(back);
    soon().until(() -> HOOK.takenWith(front).size() == 1);
  }

  @Test
  void itSaysWhatWaitsAndWhyOfTheChannelAndOfEachMessage() {
    var since = CLOCK.instant();
    DISCORD.failOn(new Fault.Answer(503, "", Map.of()));
    var first = fire(freshService());
    soon().until(() -> notifications(first).toString().contains("Discord answered 503"));
    var second = fire(freshService());

    var channel = responder().get("/api/v1/notifications").body().path("channels").path(0);
    assertThat(channel.path("waiting").asInt()).isEqualTo(2);
    assertThat(channel.path("reason").asString()).isEqualTo("Discord answered 503");
    assertThat(channel.path("since").asString()).isEqualTo(since.toString());
    assertThat(notifications(first).getFirst().path("lastError").asString())
        .isEqualTo("Discord answered 503");
    var behind = notifications(second).getFirst();
    assertThat(behind.path("reason").asString()).isEqualTo("waits behind an earlier message");
    assertThat(behind.path("why")).isEqualTo(behind.path("reason"));
    discordIsBack();
    soon().until(this::isQuiet);
    var working = responder().get("/api/v1/notifications").body().path("channels").path(0);
    assertThat(working.path("reason").isNull()).isTrue();
    assertThat(working.path("since").isNull()).isTrue();
  }
}
