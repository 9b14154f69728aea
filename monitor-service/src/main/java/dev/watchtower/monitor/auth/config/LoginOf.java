package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.security.Digests;
import dev.watchtower.monitor.auth.Account;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * A login as a session keeps it: with the role that the account had and with which password it was,
 * so that it can be told from one that the account would not get any more. A login takes a while,
 * and may end after the sessions of its user were ended. Pure.
 */
final class LoginOf {
  private LoginOf() {}

  /** The login of {@code account}, with {@code details} of the request. */
  static Authentication account(Account account, @Nullable Object details) {
    var login =
        UsernamePasswordAuthenticationToken.authenticated(
            account.name(), null, authorities(account));
    login.setDetails(details);
    return login;
  }

  /** Whether {@code account} would get this very login now. */
  static boolean isStill(Authentication login, Account account) {
    return !account.disabled()
        && Set.copyOf(login.getAuthorities()).equals(Set.copyOf(authorities(account)));
  }

  private static List<SimpleGrantedAuthority> authorities(Account account) {
    return List.of(
        new SimpleGrantedAuthority("ROLE_" + account.role()),
        // Of the hash, not of the password: it is no help in guessing.
        new SimpleGrantedAuthority("PASSWORD_" + Digests.of(account.passwordHash())));
  }
}
