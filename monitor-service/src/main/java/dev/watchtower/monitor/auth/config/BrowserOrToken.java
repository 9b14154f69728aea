package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.live.LiveAuthenticator;
import dev.watchtower.common.live.LiveHandshake;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.InvalidTokenException;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.Revocations;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens a live connection to a logged-in browser by its session, and to a program by its token. The
 * connection ends with the session or the token.
 */
final class BrowserOrToken implements LiveAuthenticator {
  private static final String SCHEME = "Bearer ";

  private final Accounts accounts;
  private final TokenVerifier verifier;
  private final LiveSessions sessions;
  private final Clock clock;

  BrowserOrToken(Accounts accounts, TokenVerifier verifier, LiveSessions sessions, Clock clock) {
    this.accounts = accounts;
    this.verifier = verifier;
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public @Nullable Principal authenticate(
      Map<String, Object> handshake, @Nullable String authorization) {
    var header =
        authorization != null
            ? authorization
            : handshake.get(LiveHandshake.AUTHORIZATION) instanceof String carried ? carried : null;
    if (header != null) {
      return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
          ? byToken(header.substring(SCHEME.length()).trim())
          : null;
    }
    return handshake.get(LiveHandshake.USER) instanceof String user
            && handshake.get(LiveHandshake.SESSION) instanceof String session
        ? accounts
            .find(user)
            .filter(a -> !a.disabled() && !a.mustChange())
            .filter(_ -> sessions.opened(session))
            .flatMap(a -> Optional.of(bySession(a, session)))
            .orElse(null)
        : null;
  }

  private @Nullable Principal byToken(String token) {
    try {
      var claims = verifier.verify(token, clock.instant());
      return claims.allows(Scope.READ) ? new Principal(claims.subject(), claims) : null;
    } catch (InvalidTokenException e) {
      return null;
    }
  }

  /**
   * The session stands in for a token, so that its end closes the connection as a revocation does.
   */
  private Principal bySession(Account account, String session) {
    var subject = "user:" + account.name();
    return new Principal(
        subject,
        new Claims(
            "monitor",
            Revocations.SESSION + session,
            subject,
            account.role().scopes(),
            "monitor",
            clock.instant(),
            null));
  }
}
