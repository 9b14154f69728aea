package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Opaque cursors of lists: where the next page goes on. */
public final class Cursor {
  private Cursor() {}

  /** The cursor that goes on after {@code position}. */
  public static String after(long position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("v1:" + position).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Where the cursor goes on; null for the first page.
   *
   * @throws Problem 400 if it is none of ours
   */
  public static @Nullable Long position(@Nullable String page) {
    if (page == null || page.isEmpty()) {
      return null;
    }
    try {
      var text = new String(Base64.getUrlDecoder().decode(page), StandardCharsets.US_ASCII);
      if (text.startsWith("v1:")) {
        return Long.valueOf(text.substring(3));
      }
    } catch (IllegalArgumentException e) {
      // Not one of ours: told below.
    }
    throw Problem.badField("page", "expected the 'next' of the page before, unchanged");
  }

  /**
   * The number of items a caller asks for.
   *
   * @throws Problem 400 if it is not within 1..{@code max}
   */
  public static int limit(@Nullable Integer asked, int usual, int max) {
    if (asked == null) {
      return usual;
    }
    if (asked < 1 || asked > max) {
      throw Problem.badField("limit", "expected 1 to " + max);
    }
    return asked;
  }
}
