package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.notification.CardWords;
import dev.watchtower.incident.notification.IncidentCard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays cards out as Discord messages within Discord's limits (developers/resources/message): one
 * embed, its texts together at most 6000 characters.
 */
final class DiscordMessage {
  static final int CONTENT = 2000;
  static final int TITLE = 256;
  static final int FIELD_VALUE = 1024;
  static final int FOOTER = 2048;
  private static final int SIGNALS = 6;

  private DiscordMessage() {}

  /**
   * The live card.
   *
   * @param mentionRole id of the role to mention for SEV1 and SEV2; null for none
   */
  static Map<String, Object> card(IncidentCard card, @Nullable String mentionRole) {
    var fields = new ArrayList<Map<String, Object>>();
    fields.add(field("State", state(card), true));
    fields.add(field("Where", DiscordText.plain(card.service() + " (" + card.env() + ")"), true));
    fields.add(field("Since", since(card), true));
    if (!card.impact().isEmpty()) {
      fields.add(field("Impact", lines(card.impact()), false));
    }
    if (!card.cause().isEmpty()) {
      fields.add(field("Likely cause", DiscordText.plain(card.cause()), false));
    }
    if (!card.repair().isEmpty()) {
      fields.add(field("Repair", DiscordText.plain(card.repair()), false));
    }
    return message(card, headline(card), fields, mentionRole, false);
  }

  /**
   * The message that nobody has taken an incident up.
   *
   * @param about to whom it is escalated
   * @param mentionRole id of the role to mention, whatever the severity; null for none
   */
  static Map<String, Object> escalation(
      IncidentCard card, String about, @Nullable String mentionRole) {
    return message(card, line("⏫", about, card), brief(card), mentionRole, true);
  }

  /**
   * The message that an incident is worse or other than was told, or back.
   *
   * @param about what has changed
   * @param mentionRole id of the role to mention for SEV1 and SEV2; null for none
   */
  static Map<String, Object> worse(IncidentCard card, String about, @Nullable String mentionRole) {
    return message(card, line("🔺", about, card), brief(card), mentionRole, false);
  }

  private static List<Map<String, Object>> brief(IncidentCard card) {
    return List.of(
        field("State", state(card), true),
        field("Where", DiscordText.plain(card.service() + " (" + card.env() + ")"), true),
        field("Since", since(card), true));
  }

  private static String line(String sign, String about, IncidentCard card) {
    return "%s **%s**: %s #%d %s"
        .formatted(
            sign,
            DiscordText.plain(about),
            card.severity(),
            card.number(),
            DiscordText.plain(card.title()));
  }

  /** The message that an incident is over. */
  static Map<String, Object> resolution(IncidentCard card) {
    var fields = new ArrayList<Map<String, Object>>();
    fields.add(field("Where", DiscordText.plain(card.service() + " (" + card.env() + ")"), true));
    fields.add(
        field(
            "Lasted",
            CardWords.words(card.lasted() == null ? Duration.ZERO : card.lasted()),
            true));
    if (!card.cause().isEmpty()) {
      fields.add(field("Likely cause", DiscordText.plain(card.cause()), false));
    }
    var line =
        "%s **%s**: #%d %s"
            .formatted(
                CardWords.sign(card),
                card.end().headline(),
                card.number(),
                DiscordText.plain(card.title()));
    return message(card, line, fields, null, false);
  }

  /** The message that says that messages arrive. */
  static Map<String, Object> test(String about) {
    var message = new LinkedHashMap<String, Object>();
    var line = "🔔 **Test**: %s".formatted(DiscordText.plain(about));
    message.put("content", DiscordText.fit(line, CONTENT));
    message.put("allowed_mentions", Map.of("parse", List.of()));
    return message;
  }

  private static Map<String, Object> message(
      IncidentCard card,
      String headline,
      List<Map<String, Object>> fields,
      @Nullable String mentionRole,
      boolean whateverTheSeverity) {
    var embed = new LinkedHashMap<String, Object>();
    var title = "#%d %s".formatted(card.number(), DiscordText.plain(card.title()));
    embed.put("title", DiscordText.fit(title, TITLE));
    embed.put("url", card.link());
    embed.put("color", CardWords.colour(card.state()));
    embed.put("fields", fields);
    embed.put("footer", Map.of("text", "Watchtower · open the title for timeline and actions"));
    boolean mentions =
        isRole(mentionRole)
            && (whateverTheSeverity || card.severity().compareTo(Severity.SEV2) <= 0);
    var message = new LinkedHashMap<String, Object>();
    var prefix = mentions ? "<@&" + mentionRole + "> " : "";
    message.put("content", prefix + DiscordText.fit(headline, CONTENT - prefix.length()));
    message.put("embeds", List.of(embed));
    message.put(
        "allowed_mentions",
        mentions
            ? Map.of("parse", List.of(), "roles", List.of(String.valueOf(mentionRole)))
            : Map.of("parse", List.of()));
    return message;
  }

  // The line that a phone shows before anybody opens anything.
  private static String headline(IncidentCard card) {
    return "%s **%s** %s"
        .formatted(CardWords.sign(card), card.severity(), DiscordText.plain(card.title()));
  }

  private static String state(IncidentCard card) {
    var word =
        "%s %s%s · %s"
            .formatted(CardWords.sign(card), card.state(), card.end().suffix(), card.severity());
    return card.assignee() == null ? word : word + " · " + DiscordText.plain(card.assignee());
  }

  // Discord shows these in each reader's own time zone, and keeps the relative one ticking.
  private static String since(IncidentCard card) {
    long second = card.since().getEpochSecond();
    return "<t:%d:T> (<t:%d:R>)".formatted(second, second);
  }

  private static String lines(List<String> impact) {
    var shown =
        impact.stream()
            .limit(SIGNALS)
            .map(line -> "• " + DiscordText.fit(DiscordText.plain(line), 160))
            .collect(Collectors.joining("\n"));
    return impact.size() > SIGNALS
        ? shown + "\n… %d more in the dashboard".formatted(impact.size() - SIGNALS)
        : shown;
  }

  private static Map<String, Object> field(String name, String value, boolean inline) {
    return Map.of("name", name, "value", DiscordText.fit(value, FIELD_VALUE), "inline", inline);
  }

  private static boolean isRole(@Nullable String id) {
    return id != null && id.matches("\\d{1,20}");
  }
}
