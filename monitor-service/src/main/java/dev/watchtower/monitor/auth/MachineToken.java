package dev.watchtower.monitor.auth;

import dev.watchtower.common.security.Scope;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine's token, without the token.
 *
 * @param id the token's {@code jti}
 * @param sha256 of the whole token, in lower-case hex
 */
public record MachineToken(
    String id,
    String name,
    Set<Scope> scopes,
    String sha256,
    Instant createdAt,
    String createdBy,
    @Nullable Instant revokedAt) {
  /** The scopes that machines may have. */
  public static final Set<Scope> GRANTABLE =
      Set.of(Scope.INGEST_WRITE, Scope.READ, Scope.RESPOND, Scope.CHAOS, Scope.ADMIN);

  public MachineToken {
    scopes = Set.copyOf(scopes);
  }
}
