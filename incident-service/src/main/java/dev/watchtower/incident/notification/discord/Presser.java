package dev.watchtower.incident.notification.discord;

import tools.jackson.databind.JsonNode;

/**
 * Who pressed a button, as Discord says.
 *
 * @param id Discord's number for them; empty if it gave none
 * @param name their user name, which they choose themselves: one line of visible characters; empty
 *     if it gave none
 */
public record Presser(String id, String name) {
  private static final int MAX_NAME = 60;

  /** The one of an interaction: in a server it is a member's, in a direct message a user's. */
  static Presser of(JsonNode interaction) {
    var member = interaction.path("member").path("user");
    var user = member.path("id").asString("").isEmpty() ? interaction.path("user") : member;
    var id = user.path("id").asString("");
    return new Presser(
        id.matches("\\d{1,20}") ? id : "", visible(user.path("username").asString("")));
  }

  private static String visible(String text) {
    var visible = new StringBuilder();
    text.codePoints()
        .filter(c -> c == ' ' || isVisible(c))
        .limit(MAX_NAME)
        .forEach(visible::appendCodePoint);
    return visible.toString().strip();
  }

  // Neither line breaks nor what turns the direction of text around, nor what nobody sees.
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** For the audit trail: {@code discord:200000000000000002 (bob)}. */
  public String actor() {
    var number = id.isEmpty() ? "?" : id;
    return name.isEmpty() ? "discord:" + number : "discord:%s (%s)".formatted(number, name);
  }
}
