package dev.watchtower.incident.notification.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.notification.IncidentCard;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscordMessageTest {
  private static IncidentCard card(String text, IncidentState state, @Nullable Duration lasted) {
    return new IncidentCard(
        7,
        text,
        state,
        Severity.SEV2,
        text,
        "prod",
        Instant.parse("2026-03-02T10:00:00Z"),
        Collections.nCopies(40, text),
        text,
        text,
        text,
        lasted,
        IncidentCard.End.USUAL,
        "https://watch.example/incidents/7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "*", "\\", "😀", "@", "https://", "]("})
  void noTextIsLongerThanDiscordAllows(String piece) {
    var huge = piece.repeat(5000);
    for (var message :
        List.of(
            DiscordMessage.card(card(huge, IncidentState.OPEN, null), "4711"),
            DiscordMessage.escalation(card(huge, IncidentState.OPEN, null), huge, "4711"),
            DiscordMessage.resolution(card(huge, IncidentState.RESOLVED, Duration.ofMinutes(3))))) {
      assertThat(message.get("content").toString()).hasSizeLessThanOrEqualTo(2000);
      var embed = (Map<?, ?>) ((List<?>) message.get("embeds")).getFirst();
      var title = String.valueOf(embed.get("title"));
      assertThat(title).hasSizeLessThanOrEqualTo(256).contains("more in the dashboard");
      int sum = title.length() + ((Map<?, ?>) embed.get("footer")).get("text").toString().length();
      assertThat((List<?>) embed.get("fields")).hasSizeLessThanOrEqualTo(25);
      for (var field : (List<?>) embed.get("fields")) {
        var value = String.valueOf(((Map<?, ?>) field).get("value"));
        assertThat(value).isNotBlank().hasSizeLessThanOrEqualTo(1024);
        sum += value.length() + String.valueOf(((Map<?, ?>) field).get("name")).length();
      }
      assertThat(sum).isLessThanOrEqualTo(6000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStateHasAColour(IncidentState state) {
    var message = DiscordMessage.card(card("t", state, null), null);

    assertThat(message.toString()).contains("color=").contains(state.name());
    assertThat(message.get("allowed_mentions")).isEqualTo(Map.of("parse", List.of()));
  }

  @Test
  void mentionsOnlyARoleThatLooksLikeOne() {
    assertThat(DiscordMessage.card(card("t", IncidentState.OPEN, null), "everyone").toString())
        .doesNotContain("<@&");
  }

  @Test
  void textFromTelemetryLosesItsPowers() {
    assertThat(DiscordText.plain("@everyone <@1> **b** `c` [a](https://x.y) \u202eabc\nnext"))
        .doesNotContain("@everyone", "<@1>", "**", "https://", "\u202e", "\n")
        .contains("abc next");
  }

  @Test
  void cutTextSaysSoAndLeavesNoHalfEscape() {
    var cut = DiscordText.fit("ab\\*".repeat(100), 50);

    assertThat(cut).hasSizeLessThanOrEqualTo(50).endsWith(DiscordText.MORE);
    var kept = cut.substring(0, cut.length() - DiscordText.MORE.length());
    assertThat(kept.endsWith("\\")).isFalse();
    assertThat(Stream.of(1, 2, 5).map(n -> DiscordText.fit("long text", n)))
        .allSatisfy(t -> assertThat(t.length()).isLessThanOrEqualTo(5));
  }
}
