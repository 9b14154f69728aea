package dev.watchtower.monitor.auth.config;

import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.LoginThrottle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Checks a name and a password. Takes as long for an unknown name as for a wrong password, and says
 * the same.
 */
final class PasswordLogin implements AuthenticationProvider {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordLogin.class);

  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginThrottle throttle;
  private final Clock clock;
  private final String nobodysHash;

  PasswordLogin(Accounts accounts, Passwords passwords, LoginThrottle throttle, Clock clock) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.throttle = throttle;
    this.clock = clock;
    this.nobodysHash = passwords.hash(passwords.generate());
  }

  @Override
  public Authentication authenticate(Authentication attempt) {
    var name = attempt.getName();
    var password = attempt.getCredentials() == null ? "" : attempt.getCredentials().toString();
    var address =
        attempt.getDetails() instanceof WebAuthenticationDetails details
            ? String.valueOf(details.getRemoteAddress())
            : "unknown";
    var now = clock.instant();
    var wait = throttle.begin(name, address, now);
    if (wait.compareTo(Duration.ZERO) > 0) {
      LOG.atWarn().addKeyValue("remote", address).log("login refused: too many failures");
      throw new LoginLockedException(wait);
    }
    var account = accounts.find(name);
    boolean matches =
        passwords.matches(password, account.map(Account::passwordHash).orElse(nobodysHash));
    if (!matches || account.isEmpty() || account.get().disabled()) {
      // Not the name: people type their password into the wrong field.
      LOG.atWarn()
          .addKeyValue("remote", address)
          .addKeyValue("known", account.isPresent())
          .log("login failed");
      throw new BadCredentialsException("wrong name or password");
    }
    throttle.succeeded(name, address);
    var user = account.get();
    var unused = accounts.change(user.name(), a -> a.withLogin(now));
    LOG.atInfo().addKeyValue("user", user.name()).addKeyValue("remote", address).log("logged in");
    var authentication =
        UsernamePasswordAuthenticationToken.authenticated(
            user.name(), null, List.of(new SimpleGrantedAuthority("ROLE_" + user.role())));
    authentication.setDetails(attempt.getDetails());
    return authentication;
  }

  @Override
  public boolean supports(Class<?> type) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
  }
}
