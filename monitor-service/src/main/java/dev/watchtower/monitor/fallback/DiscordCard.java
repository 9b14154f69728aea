package dev.watchtower.monitor.fallback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Discord is told of an outage, as message bodies within its limits. Pure. */
public final class DiscordCard {
  private static final int TITLE = 256;
  private static final int FIELD = 1024;
  private static final int RED = 0xD9363E;
  private static final int GREEN = 0x2E9E6A;
  private static final Pattern MARKDOWN = Pattern.compile("([\\\\*_~`|>\\[\\]()#<@:-])");

  private DiscordCard() {}

  /**
   * The card: one message for the outage, edited when it is over.
   *
   * @param mentionRole role to mention in the first message; null for nobody
   * @param link address of the dashboard
   */
  public static Map<String, Object> card(Outage outage, @Nullable String mentionRole, String link) {
    var cleared = outage.clearedAt();
    var fields = new ArrayList<Map<String, Object>>();
    fields.add(field("Service", outage.service() + " (" + outage.env() + ")", true));
    fields.add(field("Severity", outage.severity().name(), true));
    fields.add(
        Map.of(
            "name",
            "Since",
            "value",
            "<t:" + outage.since().getEpochSecond() + ":T>",
            "inline",
            true));
    fields.add(field("Why", outage.reason(), false));
    if (cleared == null) {
      fields.add(
          field(
              "Told by",
              "monitor-service itself: incident-service did not take the alert within "
                  + Outage.DEADLINE.toSeconds()
                  + " s.",
              false));
    } else {
      fields.add(field("Down for", words(Duration.between(outage.since(), cleared)), true));
    }
    var embed = new LinkedHashMap<String, Object>();
    embed.put(
        "title",
        cut(
            cleared == null ? outage.service() + " is down" : outage.service() + " is up again",
            TITLE));
    embed.put("url", link);
    embed.put("color", cleared == null ? RED : GREEN);
    embed.put("fields", fields);
    embed.put("footer", Map.of("text", "Watchtower"));
    embed.put("timestamp", (cleared == null ? outage.firedAt() : cleared).toString());
    var body = new LinkedHashMap<String, Object>();
    if (mentionRole != null && cleared == null) {
      body.put("content", "<@&" + mentionRole + ">");
      body.put("allowed_mentions", Map.of("parse", List.of(), "roles", List.of(mentionRole)));
    } else {
      body.put("allowed_mentions", closed());
    }
    body.put("embeds", List.of(embed));
    return body;
  }

  /** The short message that tells of the recovery, because edits make no sound. */
  public static Map<String, Object> recovery(Outage outage) {
    var cleared = outage.clearedAt();
    if (cleared == null) {
      throw new IllegalStateException("the outage of " + outage.target() + " goes on");
    }
    return Map.of(
        "content",
        "✅ **"
            + plain(outage.service())
            + "** is up again after "
            + words(Duration.between(outage.since(), cleared))
            + ".",
        "allowed_mentions",
        closed());
  }

  private static Map<String, Object> closed() {
    return Map.of("parse", List.of());
  }

  private static Map<String, Object> field(String name, String value, boolean inline) {
    var text = plain(value.isBlank() ? "-" : value);
    return Map.of("name", name, "value", cut(text, FIELD), "inline", inline);
  }

  /** Text from outside, with Discord's markup switched off. */
  static String plain(String text) {
    return MARKDOWN.matcher(text).replaceAll("\\\\$1");
  }

  private static String cut(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
  }

  /** {@code 2 h 3 min}, {@code 4 min 5 s}, {@code 6 s}. */
  static String words(Duration duration) {
    var seconds = Math.max(0, duration.toSeconds());
    if (seconds >= 3600) {
      return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
    return seconds >= 60 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds + " s";
  }
}
