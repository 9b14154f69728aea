package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.LoginThrottle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
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
    var hash = account.map(Account::passwordHash).orElse(nobodysHash);
    boolean matches;
    try {
      matches = passwords.matches(passwordOf(attempt), hash);
    } catch (Problem busy) {
      throttle.withdrawn(name, address);
      throw busy;
    }
    // Hashing takes a while: looked at again, for somebody may have changed the account meanwhile.
    if (!matches
        || account.isEmpty()
        || !(noted(name, hash, address, now) instanceof Accounts.Change.Made(var user))
        || !may(user, hash)) {
      // Not the name: people type their password into the wrong field.
      LOG.atWarn()
          .addKeyValue("remote", address)
          .addKeyValue("known", account.isPresent())
          .log("login failed");
      throw new BadCredentialsException("wrong name or password");
    }
    throttle.succeeded(name, address);
    LOG.atInfo().addKeyValue("user", user.name()).addKeyValue("remote", address).log("logged in");
    return LoginOf.account(user, attempt.getDetails());
  }

  private Accounts.Change noted(String name, String hash, String address, Instant now) {
    try {
      return accounts.change(name, a -> may(a, hash) ? a.withLogin(now) : a);
    } catch (DataAccessException cannotBeStored) {
      // The password was right: nobody may be locked out because the disk is full.
      throttle.withdrawn(name, address);
      throw cannotBeStored;
    }
  }

  private static boolean may(Account account, String hash) {
    return !account.disabled() && account.passwordHash().equals(hash);
  }

  private static String passwordOf(Authentication attempt) {
    return attempt.getCredentials() == null ? "" : attempt.getCredentials().toString();
  }

  @Override
  public boolean supports(Class<?> type) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
  }
}
