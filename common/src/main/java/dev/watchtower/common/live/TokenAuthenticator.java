package dev.watchtower.common.live;

import dev.watchtower.common.security.InvalidTokenException;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Wants a bearer token with the scope {@code read}, in the CONNECT frame or on the HTTP handshake.
 */
final class TokenAuthenticator implements LiveAuthenticator {
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;
  private final Clock clock;

  TokenAuthenticator(TokenVerifier verifier, Clock clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  @Override
  public @Nullable Principal authenticate(
      Map<String, Object> handshake, @Nullable String authorization) {
    var header = authorization;
    if (header == null && handshake.get(LiveHandshake.AUTHORIZATION) instanceof String carried) {
      header = carried;
    }
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      var claims = verifier.verify(header.substring(SCHEME.length()).trim(), clock.instant());
      return claims.allows(Scope.READ) ? new Principal(claims.subject(), claims) : null;
    } catch (InvalidTokenException e) {
      return null;
    }
  }
}
