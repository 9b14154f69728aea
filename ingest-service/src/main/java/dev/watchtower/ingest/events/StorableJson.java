package dev.watchtower.ingest.events;

import tools.jackson.databind.JsonNode;

/**
 * Refuses what PostgreSQL cannot store and numbers that no double can hold, before they can turn
 * into an error of ours or into something else.
 */
final class StorableJson {
  private StorableJson() {}

  /**
   * Looks at everything in {@code node}.
   *
   * @param path where it is; empty, or with a dot at the end
   * @throws InvalidEventException naming the first place at fault
   */
  static void check(JsonNode node, String path) {
    look(node, path.endsWith(".") ? path.substring(0, path.length() - 1) : path);
  }

  private static void look(JsonNode node, String path) {
    if (node.isString()) {
      check(node.stringValue(), path);
    } else if (node.isNumber()) {
      // Of a whole number beyond double, asDouble makes an exception, not infinity.
      if (!Double.isFinite(node.numberValue().doubleValue())) {
        throw new InvalidEventException(path, "the number is out of range");
      }
    } else if (node.isObject()) {
      node.propertyStream()
          .forEach(member -> {
            check(member.getKey(), path);
            look(member.getValue(), (path.isEmpty() ? "" : path + ".") + member.getKey());
          });
    } else {
      for (int i = 0; i < node.size(); i++) {
        look(node.get(i), path + "[" + i + "]");
      }
    }
  }

  private static void check(String text, String path) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      var half =
          Character.isHighSurrogate(c)
              && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)));
      var orphan =
          Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
      if (c == 0 || half || orphan) {
        throw new InvalidEventException(path, "has a NUL or half a character");
      }
    }
  }
}
