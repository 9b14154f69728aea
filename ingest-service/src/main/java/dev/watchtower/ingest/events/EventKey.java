package dev.watchtower.ingest.events;

import java.nio.charset.StandardCharsets;

/** What tells events apart, as far as an index takes it: an entry has at most 2,704 bytes. */
final class EventKey {
  private static final int MAX_BYTES = 2_000;

  private EventKey() {}

  /**
   * Refuses what is too long together.
   *
   * @param path where the source is
   * @throws InvalidEventException if it has more bytes in UTF-8 than are kept
   */
  static void check(String source, String id, String path) {
    if (bytes(source) + bytes(id) > MAX_BYTES) {
      throw new InvalidEventException(
          path, "has more than " + MAX_BYTES + " bytes together with the event's id");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
