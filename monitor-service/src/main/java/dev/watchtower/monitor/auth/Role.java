package dev.watchtower.monitor.auth;

import dev.watchtower.common.security.Scope;
import java.util.EnumSet;
import java.util.Set;

/** What a user may do; each role includes the ones before it. */
public enum Role {
  /** Looks. */
  VIEWER(EnumSet.of(Scope.READ)),
  /** Works on incidents. */
  RESPONDER(EnumSet.of(Scope.READ, Scope.RESPOND)),
  /** Breaks things on purpose. */
  SRE(EnumSet.of(Scope.READ, Scope.RESPOND, Scope.CHAOS)),
  /** Makes users and tokens. */
  ADMIN(EnumSet.of(Scope.READ, Scope.RESPOND, Scope.CHAOS, Scope.ADMIN));

  private final Set<Scope> scopes;

  Role(Set<Scope> scopes) {
    this.scopes = Set.copyOf(scopes);
  }

  /** The scopes of the tokens by which the other services know the user. */
  public Set<Scope> scopes() {
    return scopes;
  }
}
