package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Messages besides the card, and what is not sent; at a stand-in Discord over real HTTP. */
class DiscordNewsIT extends DiscordWorld {
  private String fire(String service, String rule, Severity severity) {
    return responder()
        .post(
            "/api/v1/signals",
            signal(service, rule, SignalStatus.FIRING, severity, CLOCK.instant()))
        .text("incident");
  }

  private static String lastContent(String incident) {
    return List.copyOf(DISCORD.messagesWith(incident).values())
        .getLast()
        .path("content")
        .asString();
  }

  @Test
  void whatGetsWorseIsAMessageOfItsOwnThatMentionsTheRole() {
    var service = freshService();
    var incident = fire(service, "slow", Severity.SEV3);
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    assertThat(lastContent(incident)).doesNotContain("<@&4711>");

    fire(service, "all-fail", Severity.SEV1);

    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 2);
    assertThat(lastContent(incident)).startsWith("<@&4711> 🔺 **SEV3 → SEV1**: SEV1 #");
    assertThat(notifications(incident))
        .anySatisfy(n -> assertThat(n.path("kind").asString()).isEqualTo("WORSE"));
  }

  @Test
  void whatIsBackIsAMessageOfItsOwn() {
    var service = freshService();
    var incident = fire(service);
    responder().post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.CLEARED));
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    advance(Duration.ofSeconds(10));

    assertThat(fire(service)).isEqualTo(incident);

    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 2);
    assertThat(lastContent(incident)).contains("**it is back**: SEV2 #");
  }

  @Test
  void riseUponRiseWhileTheChannelCannotBeCalledIsOneMessageOfTheNewest() {
    var service = freshService();
    var incident = fire(service, "slow", Severity.SEV4);
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    // The edit of the first rise meets the limit; what follows waits behind it.
    discordRefuses();
    fire(service, "some-fail", Severity.SEV3);
    awaitRefusal(incident);
    fire(service, "many-fail", Severity.SEV2);
    fire(service, "all-fail", Severity.SEV1);

    discordIsBack();
    soon().until(this::isQuiet);

    assertThat(notifications(incident))
        .filteredOn(n -> n.path("kind").asString().equals("WORSE"))
        .singleElement()
        .satisfies(n -> assertThat(n.path("about").asString()).isEqualTo("SEV2 → SEV1"));
    assertThat(DISCORD.messagesWith(incident)).hasSize(2);
  }

  /** An incident whose escalation Discord refuses, after those faults, until somebody is on it. */
  private String takenUpWhileItEscalates(String service, Fault... first) {
    var incident = fire(service);
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    DISCORD.fail(first);
    discordRefuses();
    advance(Duration.ofMinutes(5));
    awaitRefusal(incident);
    send(incident, "ACKNOWLEDGE");
    discordIsBack();
    soon().until(this::isQuiet);
    return incident;
  }

  @Test
  void anEscalationThatWaitedUntilSomebodyWasOnItIsNotSent() {
    var incident = takenUpWhileItEscalates("esc-14");

    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
    assertThat(notifications(incident))
        .anySatisfy(n -> {
          assertThat(n.path("kind").asString()).isEqualTo("ESCALATION");
          assertThat(n.path("state").asString()).isEqualTo("SKIPPED");
          assertThat(n.path("why").asString()).isEqualTo("somebody is on it already");
        });
  }

  @Test
  void whatNeedNotBeSentAnyMoreSaysThatItMayHaveArrived() {
    var incident = takenUpWhileItEscalates("esc-21", new Fault.LostAnswer());

    assertThat(DISCORD.messagesWith(incident)).hasSize(2);
    assertThat(notifications(incident))
        .filteredOn(n -> n.path("kind").asString().equals("ESCALATION"))
        .singleElement()
        .satisfies(n -> {
          assertThat(n.path("state").asString()).isEqualTo("SKIPPED");
          assertThat(n.path("why").asString())
              .isEqualTo("somebody is on it already; an earlier attempt may have arrived");
        });
  }

  @Test
  void newsSinceAnAttemptThatMayHaveArrivedAreAMessageOfTheirOwn() {
    var service = freshService();
    var incident = fire(service, "slow", Severity.SEV3);
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    // The edit of the card comes first, and goes through.
    DISCORD.fail(new Fault.None(), new Fault.LostAnswer());
    discordRefuses();
    fire(service, "many-fail", Severity.SEV2);
    awaitRefusal(incident);

    fire(service, "all-fail", Severity.SEV1);

    discordIsBack();
    soon().until(this::isQuiet);
    assertThat(DISCORD.messagesWith(incident).values())
        .extracting(message -> message.path("content").asString())
        .filteredOn(text -> text.contains("→"))
        .satisfiesExactly(
            first -> assertThat(first).contains("SEV3 → SEV2"),
            second -> assertThat(second).contains("SEV2 → SEV1"));
  }

  @Test
  void aCardThatArrivedBeforeItWasPostedAgainShowsWhatChangedSince() {
    DISCORD.fail(new Fault.LostAnswer());
    discordRefuses();
    var incident = fire(freshService());
    awaitRefusal(incident);

    send(incident, "ACKNOWLEDGE");

    discordIsBack();
    soon().until(this::isQuiet);
    assertThat(DISCORD.messagesWith(incident).values())
        .singleElement()
        .satisfies(card -> assertThat(card.toString()).contains("ACKNOWLEDGED"));
  }

  @Test
  void stepsThatFindTheChannelAwayAreOneMessageAndReachNobody() {
    var incident = fire("esc-18");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    discordRefuses();
    advance(Duration.ofMinutes(5));
    awaitRefusal(incident);

    advance(Duration.ofMinutes(10));

    soon()
        .untilAsserted(() ->
            assertThat(timeline(incident))
                .contains("Escalated to", "step 1 of 2")
                .contains(
                    "Nobody could be told in step 2 of the escalation: "
                        + "discord: an earlier message still waits there, the channel's rate limit"));
    discordIsBack();
    soon().until(this::isQuiet);
    assertThat(notifications(incident))
        .filteredOn(n -> n.path("kind").asString().equals("ESCALATION"))
        .singleElement()
        .satisfies(n -> assertThat(n.path("about").asString()).isEqualTo("escalated to boss"));
    assertThat(lastContent(incident)).contains("**escalated to boss**");
    send(incident, "ACKNOWLEDGE");
  }

  private String timeline(String incident) {
    return responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString();
  }

  private static final Fault NO_BUTTONS = new Fault.Answer(400, "{\"code\":50035}", Map.of());

  @Test
  void whereDiscordRefusesTheButtonsTheMessageIsSentWithoutAndTheChannelSaysSo() {
    DISCORD.fail(NO_BUTTONS);
    var incident = fire(freshService());
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);

    var card = DISCORD.messagesWith(incident).values().iterator().next();
    assertThat(card.has("components")).isFalse();
    assertThat(card.path("embeds")).hasSize(1);
    var without = "without its buttons: Discord refuses them (400)";
    assertThat(notifications(incident))
        .singleElement()
        .satisfies(n -> assertThat(n.path("state").asString()).isEqualTo("SENT"))
        .satisfies(n -> assertThat(n.path("why").asString()).startsWith(without));
    assertThat(discord().path("state").asString()).isEqualTo("OK");
    assertThat(discord().path("reason").asString()).contains(without);
    assertThat(responder().get("/api/v1/incidents/" + incident + "/timeline").body().toString())
        .contains("Told discord of the incident, but " + without);

    var calls = DISCORD.calls().size();
    DISCORD.fail(NO_BUTTONS);
    send(incident, "ACKNOWLEDGE");
    soon().until(this::isQuiet);
    assertThat(DISCORD.calls()).hasSize(calls + 2);
    assertThat(DISCORD.messagesWith("ACKNOWLEDGED").values())
        .anySatisfy(m -> assertThat(m.toString()).contains(incident));
  }

  @Test
  void aTestOfTheChannelTellsThatButtonsAreRefused() {
    var admin = as("rita", Scope.READ, Scope.ADMIN);
    DISCORD.fail(NO_BUTTONS);

    var answer = admin.post("/api/v1/notifications/test", Map.of("channel", "discord"));

    assertThat(answer.text("state")).isEqualTo("SENT");
    assertThat(answer.text("reason")).startsWith("without its buttons");
    assertThat(discord().path("reason").asString()).contains("without its buttons");
    var good = admin.post("/api/v1/notifications/test", Map.of("channel", "discord"));
    assertThat(good.text("reason")).isEmpty();
    var button =
        List.copyOf(DISCORD.messagesWith("asked for by rita").values())
            .getLast()
            .path("components")
            .path(0)
            .path("components")
            .path(0);
    assertThat(button.path("disabled").asBoolean()).isTrue();
    assertThat(discord().path("reason").asString("")).isEmpty();
  }

  private JsonNode discord() {
    return responder().get("/api/v1/notifications").body().path("channels").path(0);
  }

  private String stateOfDiscord() {
    var page = responder().get("/api/v1/notifications").body();
    return page.path("channels").path(0).path("state").asString();
  }

  @Test
  void aWebhookThatIsFoundDeadWhenACardIsLookedForIsBroken() {
    try {
      var incident = fire(freshService());
      soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
      DISCORD.failReads(new Fault.Answer(401, "{}", Map.of()));

      advance(Duration.ofMinutes(16));

      soon().until(() -> stateOfDiscord().equals("BROKEN"));
    } finally {
      jdbc.sql("delete from channel_fault").update();
    }
  }

  @Test
  void anAddressThatIsNoWebhookThoughItAnswersWellIsNotAskedForEver() {
    DISCORD.fail(new Fault.Answer(200, "<html>welcome</html>", Map.of()));
    var incident = fire(freshService());
    soon().until(this::isQuiet);

    assertThat(notifications(incident))
        .singleElement()
        .satisfies(n -> assertThat(n.path("state").asString()).isEqualTo("FAILED"))
        .satisfies(n -> assertThat(n.path("why").asString()).contains("is it a Discord webhook?"));
  }
}
