package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    DISCORD.fail(limited(2));
    fire(service, "some-fail", Severity.SEV3);
    soon().until(DISCORD::isHealthy);
    fire(service, "many-fail", Severity.SEV2);
    fire(service, "all-fail", Severity.SEV1);

    soon().until(this::isQuiet);

    assertThat(notifications(incident))
        .filteredOn(n -> n.path("kind").asString().equals("WORSE"))
        .singleElement()
        .satisfies(n -> assertThat(n.path("about").asString()).isEqualTo("SEV2 → SEV1"));
    assertThat(DISCORD.messagesWith(incident)).hasSize(2);
  }

  @Test
  void anEscalationThatWaitedUntilSomebodyWasOnItIsNotSent() {
    var incident = fire("esc-14");
    soon().until(() -> isQuiet() && DISCORD.messagesWith(incident).size() == 1);
    DISCORD.fail(limited(1.5));
    advance(Duration.ofMinutes(5));
    soon().until(DISCORD::isHealthy);

    send(incident, "ACKNOWLEDGE");

    soon().until(this::isQuiet);
    assertThat(DISCORD.messagesWith(incident)).hasSize(1);
    assertThat(notifications(incident))
        .anySatisfy(n -> {
          assertThat(n.path("kind").asString()).isEqualTo("ESCALATION");
          assertThat(n.path("state").asString()).isEqualTo("SKIPPED");
          assertThat(n.path("why").asString()).isEqualTo("somebody is on it already");
        });
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
