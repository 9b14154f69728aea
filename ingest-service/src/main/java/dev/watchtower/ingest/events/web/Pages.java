package dev.watchtower.ingest.events.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.ingest.events.ChangeEvents.Cursor;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Cursors of pages of events. */
public final class Pages {
  private static final String SEPARATOR = "\n";
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  private Pages() {}

  /** A page of what was found with one more than the limit. */
  public static PageOf<ChangeEvent> of(List<ChangeEvent> found, int limit) {
    if (found.size() <= limit) {
      return new PageOf<>(found, null);
    }
    var last = found.get(limit - 1);
    var text = last.time() + SEPARATOR + last.source() + SEPARATOR + last.id();
    return new PageOf<>(
        found.subList(0, limit),
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Where the page before ended.
   *
   * @throws Problem if it is not one that {@link #of} gave out
   */
  public static Cursor parse(String page) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(page), StandardCharsets.UTF_8);
      var parts = text.split(SEPARATOR, 3);
      if (parts.length == 3 && text.indexOf('\0') < 0) {
        var time = Instant.parse(parts[0]);
        // Nothing else is stored, and the database would refuse to compare with some.
        if (!time.isBefore(Instant.EPOCH) && time.isBefore(YEAR_10000)) {
          return new Cursor(time, parts[1], parts[2]);
        }
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Problem.badField("page", "is not one that was given out");
    }
    throw Problem.badField("page", "is not one that was given out");
  }
}
