package dev.watchtower.common.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The token in a header {@code Authorization}: after {@code Bearer}, or as the password of {@code
 * Basic}, which is all that some senders can do. We never ask for {@code Basic}, so that no browser
 * learns to send it by itself.
 */
final class SentToken {
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  private SentToken() {}

  /** The token, not verified; null where the header has none. */
  static @Nullable String of(@Nullable String header) {
    if (header == null) {
      return null;
    }
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return header.substring(BEARER.length()).trim();
    }
    if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return password(header.substring(BASIC.length()).trim());
    }
    return null;
  }

  private static @Nullable String password(String encoded) {
    try {
      var pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      var colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
