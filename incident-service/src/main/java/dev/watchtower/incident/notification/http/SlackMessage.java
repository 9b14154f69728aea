package dev.watchtower.incident.notification.http;

import dev.watchtower.incident.notification.CardWords;
import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Letter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lays notices out as messages of incoming webhooks: a line of text and one attachment, the part of
 * Slack's form that Mattermost and Rocket.Chat know too. Far within the limits of all of them.
 */
final class SlackMessage {
  static final int TEXT = 1_000;
  static final int FIELD = 1_000;
  private static final int LINE = 160;
  private static final int SIGNALS = 6;

  private SlackMessage() {}

  static Map<String, Object> of(Letter letter) {
    var notice = letter.notice();
    var message = new LinkedHashMap<String, Object>();
    message.put(
        "text",
        letter
            .incident()
            .map(card -> headline(letter, card))
            .orElseGet(() -> "🔔 Test: " + SlackText.plain(notice.about(), TEXT)));
    message.put("mrkdwn", false);
    message.put("link_names", 0);
    message.put("unfurl_links", false);
    message.put("unfurl_media", false);
    letter.incident().ifPresent(card -> message.put("attachments", List.of(attachment(card))));
    return message;
  }

  private static String headline(Letter letter, IncidentCard card) {
    var title = SlackText.plain(card.title(), TEXT - 300);
    return switch (letter.notice().kind()) {
      case RESOLVED ->
          "%s %s: #%d %s"
              .formatted(
                  card.end().words().isEmpty() ? "✅" : CardWords.sign(card),
                  card.end().headline(),
                  card.number(),
                  title);
      case ESCALATION, WORSE ->
          "⏫ %s: %s #%d %s"
              .formatted(
                  SlackText.plain(letter.notice().about(), 250),
                  card.severity(),
                  card.number(),
                  title);
      case OPENED, EDIT, TEST ->
          "%s %s %s #%d %s"
              .formatted(CardWords.sign(card), card.severity(), card.state(), card.number(), title);
    };
  }

  private static Map<String, Object> attachment(IncidentCard card) {
    var fields = new ArrayList<Map<String, Object>>();
    fields.add(field("State", card.state() + card.end().suffix() + " · " + card.severity(), true));
    fields.add(
        field("Where", SlackText.plain(card.service() + " (" + card.env() + ")", FIELD), true));
    fields.add(field("Since", card.since().toString(), true));
    if (card.lasted() != null) {
      fields.add(field("Lasted", CardWords.words(card.lasted()), true));
    }
    if (card.assignee() != null) {
      fields.add(field("Assigned to", SlackText.plain(card.assignee(), FIELD), true));
    }
    if (!card.impact().isEmpty()) {
      fields.add(field("Impact", lines(card.impact()), false));
    }
    if (!card.cause().isEmpty()) {
      fields.add(field("Likely cause", SlackText.plain(card.cause(), FIELD), false));
    }
    if (!card.repair().isEmpty()) {
      fields.add(field("Repair", SlackText.plain(card.repair(), FIELD), false));
    }
    var attachment = new LinkedHashMap<String, Object>();
    attachment.put("color", "#%06X".formatted(CardWords.colour(card.state())));
    attachment.put("fallback", "#%d %s".formatted(card.number(), card.link()));
    attachment.put("title", "#%d %s".formatted(card.number(), SlackText.plain(card.title(), 250)));
    attachment.put("title_link", card.link());
    attachment.put("fields", fields);
    attachment.put("footer", "Watchtower · open the title for timeline and actions");
    // None of the texts is to be read as markup.
    attachment.put("mrkdwn_in", List.of());
    return attachment;
  }

  private static String lines(List<String> impact) {
    var shown =
        impact.stream()
            .limit(SIGNALS)
            .map(line -> "• " + SlackText.plain(line, LINE))
            .collect(Collectors.joining("\n"));
    return impact.size() > SIGNALS
        ? shown + "\n… %d more in the dashboard".formatted(impact.size() - SIGNALS)
        : shown;
  }

  private static Map<String, Object> field(String title, String value, boolean narrow) {
    return Map.of("title", title, "value", value, "short", narrow);
  }
}
