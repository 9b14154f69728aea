package dev.watchtower.incident.notification.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.DiscordStandIn;
import dev.watchtower.incident.DiscordStandIn.Fault;
import dev.watchtower.incident.notification.http.HttpSender;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DiscordWebhookTest {
  private static final DiscordStandIn DISCORD = new DiscordStandIn();

  private final DiscordWebhook webhook =
      new DiscordWebhook(
          new HttpSender(), JsonMapper.builder().build(), new TokenBucket(50, System::nanoTime));

  private DiscordReply post(int status) {
    DISCORD.fail(new Fault.Answer(status, "{}", Map.of()));
    return webhook.post(DISCORD.url(), Map.of("content", "x"));
  }

  private DiscordReply edit(int status) {
    DISCORD.fail(new Fault.Answer(status, "{}", Map.of()));
    return webhook.edit(DISCORD.url(), "1", Map.of("content", "x"));
  }

  private DiscordReply read(int status) {
    DISCORD.failReads(new Fault.Answer(status, "{}", Map.of()));
    return webhook.read(DISCORD.url(), "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 401, 403, 410})
  void whatBreaksTheChannelHoweverItIsCalled(int status) {
    var gone = new DiscordReply.WebhookGone(status);

    assertThat(post(status)).isEqualTo(gone);
    assertThat(edit(status)).isEqualTo(gone);
    assertThat(read(status)).isEqualTo(gone);
  }

  @Test
  void whatIsToBeDoneAboutIt() {
    assertThat(new DiscordReply.WebhookGone(302).answer().reason())
        .isEqualTo(
            "Discord answered 302, a redirect, which is not followed; set the address where it"
                + " leads");
    assertThat(new DiscordReply.WebhookGone(410).answer().reason())
        .isEqualTo("the webhook is gone: Discord answered 410; make a new one and set its address");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 413, 422})
  void whatIsNeverTaken(int status) {
    assertThat(post(status)).isInstanceOf(DiscordReply.Refused.class);
    assertThat(edit(status)).isInstanceOf(DiscordReply.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503})
  void whatIsTriedAgain(int status) {
    assertThat(post(status)).isInstanceOf(DiscordReply.Unavailable.class);
  }

  @Test
  void anAnswerThatBreaksOffIsALostOne() {
    var lost = new DiscordReply.Unavailable("Discord's answer broke off", true, Duration.ZERO);

    DISCORD.fail(new Fault.TornAnswer(), new Fault.TornAnswer());
    assertThat(webhook.post(DISCORD.url(), Map.of("content", "x"))).isEqualTo(lost);
    assertThat(webhook.edit(DISCORD.url(), "1", Map.of("content", "x"))).isEqualTo(lost);
    DISCORD.failReads(new Fault.TornAnswer());
    assertThat(webhook.read(DISCORD.url(), "1")).isEqualTo(lost);
  }

  @Test
  void aLongPageIsNoAnswerOfDiscords() {
    DISCORD.fail(new Fault.Answer(200, "<p>".repeat(100_000), Map.of()));

    assertThat(webhook.post(DISCORD.url(), Map.of("content", "x")))
        .isInstanceOf(DiscordReply.Refused.class);
  }

  @Test
  void whatIsNotFoundIsTheMessageWhereOneIsCalled() {
    assertThat(post(404)).isEqualTo(new DiscordReply.WebhookGone(404));
    assertThat(edit(404)).isEqualTo(new DiscordReply.MessageGone());
    assertThat(read(404)).isEqualTo(new DiscordReply.MessageGone());
  }
}
