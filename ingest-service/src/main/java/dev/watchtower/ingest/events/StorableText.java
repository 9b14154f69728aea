package dev.watchtower.ingest.events;

import tools.jackson.databind.JsonNode;

/** Refuses texts that PostgreSQL cannot store, before they can turn into an error of ours. */
final class StorableText {
  private StorableText() {}

  static void check(JsonNode node, String path) {
    if (node.isString()) {
      check(node.stringValue(), path);
    } else if (node.isObject()) {
      node.propertyStream()
          .forEach(member -> {
            check(member.getKey(), path);
            check(member.getValue(), path + member.getKey());
          });
    } else {
      node.forEach(item -> check(item, path));
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
