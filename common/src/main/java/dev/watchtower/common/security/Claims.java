package dev.watchtower.common.security;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a bearer token says.
 *
 * @param issuer name of the key it is signed with: {@code monitor}, {@code launcher}, or a service
 * @param id the token's identity, for revocation and audit
 * @param subject who presents it: {@code machine:NAME}, {@code user:NAME} or {@code service:NAME}
 * @param scopes what it allows
 * @param audience the one service that may accept it, or {@code *}
 * @param issuedAt when it was made
 * @param expiresAt when it ends; null for machine tokens, which end by revocation
 */
public record Claims(
    String issuer,
    String id,
    String subject,
    Set<Scope> scopes,
    String audience,
    Instant issuedAt,
    @Nullable Instant expiresAt) {
  public Claims {
    scopes = Set.copyOf(new TreeSet<>(scopes));
  }

  /**
   * Whether one of the scopes is among the token's; {@link Scope#ADMIN} stands for every scope of
   * people.
   */
  public boolean allows(Scope... anyOf) {
    for (var scope : anyOf) {
      if (scopes.contains(scope)) {
        return true;
      }
      if (scopes.contains(Scope.ADMIN) && scope.ordinal() <= Scope.ADMIN.ordinal()) {
        return true;
      }
    }
    return false;
  }
}
