package dev.watchtower.monitor.fallback.discord;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DiscordReplyTest {
  @Test
  void takesTheIdOfTheMessage() {
    assertThat(DiscordReply.of(200, "99", null, 0, false)).isEqualTo(new DiscordReply.Sent("99"));
  }

  @Test
  void waitsAsLongAsDiscordAsks() {
    assertThat(DiscordReply.of(429, null, 1.25, 0, false))
        .isEqualTo(new DiscordReply.Again("rate limited", Duration.ofMillis(1_250)));
    assertThat(DiscordReply.of(429, null, null, 0, false))
        .isEqualTo(new DiscordReply.Again("rate limited", Duration.ofSeconds(1)));
  }

  @Test
  void backsOffAfterFailuresOfDiscord() {
    assertThat(DiscordReply.of(503, null, null, 2, false))
        .isEqualTo(new DiscordReply.Again("status 503", Duration.ofSeconds(4)));
    assertThat(DiscordReply.backOff(60)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void doesNotUseAWebhookThatIsGone() {
    for (int status : new int[] {301, 302, 308, 401, 403, 404, 410}) {
      assertThat(DiscordReply.of(status, null, null, 0, false))
          .isInstanceOf(DiscordReply.ChannelBroken.class);
    }
  }

  @Test
  void givesUpAnEditOfADeletedMessageAndWhatDiscordRefuses() {
    assertThat(DiscordReply.of(404, null, null, 0, true)).isInstanceOf(DiscordReply.Dropped.class);
    assertThat(DiscordReply.of(400, null, null, 0, false)).isInstanceOf(DiscordReply.Dropped.class);
  }
}
