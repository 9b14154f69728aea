package dev.watchtower.incident.notification.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackMessageTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private static Letter letter(String text, Notice.Kind kind) {
    var card =
        new IncidentCard(
            7,
            text,
            IncidentState.OPEN,
            Severity.SEV2,
            text,
            "prod",
            AT,
            Collections.nCopies(40, text),
            text,
            text,
            text,
            Duration.ofMinutes(3),
            IncidentCard.End.USUAL,
            "https://watch.example/incidents/7");
    var notice =
        new Notice(
            UUID.randomUUID(),
            1,
            UUID.randomUUID(),
            7,
            "chat",
            kind,
            text,
            Notice.State.SENDING,
            null,
            null,
            1,
            AT,
            null,
            null,
            null,
            false);
    return new Letter(
        notice,
        kind == Notice.Kind.TEST ? Optional.empty() : Optional.of(card),
        Optional.empty(),
        AT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "&", "<", "😀", "@", "https://", "_"})
  void noTextIsLongerThanTheReceiversTakeAndCutsShow(String piece) {
    for (var kind : Notice.Kind.values()) {
      var message = SlackMessage.of(letter(piece.repeat(5_000), kind));
      assertThat(message.get("text").toString())
          .hasSizeLessThanOrEqualTo(SlackMessage.TEXT + 50)
          .contains(SlackText.MORE);
      if (message.get("attachments") instanceof List<?> all) {
        for (var field : (List<?>) ((Map<?, ?>) all.getFirst()).get("fields")) {
          var value = String.valueOf(((Map<?, ?>) field).get("value"));
          assertThat(value).isNotBlank().hasSizeLessThanOrEqualTo(SlackMessage.FIELD + 50);
          assertThat(value.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&", "<", ">");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKindIsRecognisedByItsFirstLine(Notice.Kind kind) {
    var text = SlackMessage.of(letter("title", kind)).get("text").toString();

    assertThat(text)
        .startsWith(
            switch (kind) {
              case OPENED, EDIT -> "🔴 SEV2 OPEN #7 title";
              case RESOLVED -> "✅ Resolved: #7 title";
              case ESCALATION, WORSE -> "⏫ title: SEV2 #7 title";
              case TEST -> "🔔 Test: title";
            });
  }

  @Test
  void textFromTelemetryLosesItsPowers() {
    assertThat(
            SlackText.plain(
                "<!channel> @here *b* `c` ~d~ _e_ [f](https://x.y) error_rate \u202eabc\nnext",
                500))
        .doesNotContain("<", "@here", "*", "`", "~", "_e_", "[f](", "https://", "\u202e", "\n")
        .contains("&lt;!channel&gt;", "error_rate", "abc next");
  }
}
