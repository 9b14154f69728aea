package dev.watchtower.common.live;

import dev.watchtower.common.security.Claims;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides who opens a live connection. */
public interface LiveAuthenticator {
  /**
   * Whoever opens a connection.
   *
   * @param subject for logs
   * @param claims the token's claims, where a token was shown; the connection is closed when it is
   *     revoked
   */
  record Principal(String subject, @Nullable Claims claims) {}

  /**
   * Who it is, or null to refuse.
   *
   * @param handshake attributes of the HTTP handshake, as {@link LiveHandshake} left them
   * @param authorization the {@code Authorization} header of the CONNECT frame
   */
  @Nullable Principal authenticate(Map<String, Object> handshake, @Nullable String authorization);
}
