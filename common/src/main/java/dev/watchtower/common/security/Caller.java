package dev.watchtower.common.security;

import dev.watchtower.common.wire.Actor;
import java.util.Optional;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who makes the current request, as its bearer token says. */
public final class Caller {
  private Caller() {}

  /**
   * The current request's claims.
   *
   * @throws IllegalStateException outside a request with a bearer token
   */
  public static Claims claims() {
    return current()
        .orElseThrow(() -> new IllegalStateException("the request carries no bearer token"));
  }

  /** The current request's claims, if it carries a bearer token. */
  public static Optional<Claims> current() {
    return SecurityContextHolder.getContext().getAuthentication()
            instanceof BearerAuthentication bearer
        ? Optional.of(bearer.claims())
        : Optional.empty();
  }

  /** The actor to record for what the current request does. */
  public static Actor actor() {
    return actorOf(claims().subject());
  }

  /** The actor behind a token's subject: {@code user:ann} is the person ann. */
  public static Actor actorOf(String subject) {
    if (subject.startsWith("service:")) {
      return Actor.service(subject.substring("service:".length()));
    }
    return Actor.person(
        subject.startsWith("user:") ? subject.substring("user:".length()) : subject);
  }

  /** The request's authentication; its authorities are the scopes' texts. */
  static final class BearerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;
    private final transient Claims claims;

    BearerAuthentication(Claims claims) {
      super(claims.scopes().stream().map(s -> new SimpleGrantedAuthority(s.text())).toList());
      this.claims = claims;
      setAuthenticated(true);
    }

    Claims claims() {
      return claims;
    }

    @Override
    public Object getCredentials() {
      return "";
    }

    @Override
    public Object getPrincipal() {
      return claims.subject();
    }
  }
}
