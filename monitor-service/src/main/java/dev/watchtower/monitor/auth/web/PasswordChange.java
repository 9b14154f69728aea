package dev.watchtower.monitor.auth.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.LoginThrottle;
import dev.watchtower.monitor.auth.PasswordPolicy;
import dev.watchtower.monitor.auth.config.AccountSessions;
import dev.watchtower.monitor.auth.config.FirstAdministrator;
import dev.watchtower.monitor.auth.config.Passwords;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** A user's change of the own password: knows the old one, ends the user's other sessions. */
@Component
class PasswordChange {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordChange.class);

  private final Accounts accounts;
  private final Passwords passwords;
  private final PasswordPolicy policy;
  private final LoginThrottle throttle;
  private final AccountSessions sessions;
  private final FirstAdministrator first;
  private final Clock clock;

  PasswordChange(
      Accounts accounts,
      Passwords passwords,
      PasswordPolicy policy,
      LoginThrottle throttle,
      AccountSessions sessions,
      FirstAdministrator first,
      Clock clock) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.policy = policy;
    this.throttle = throttle;
    this.sessions = sessions;
    this.first = first;
    this.clock = clock;
  }

  /**
   * Why it was refused.
   *
   * @param field which of the two passwords it is about: {@code current} or {@code password}
   */
  record Refusal(String field, String reason) {
    static Refusal ofCurrent(String reason) {
      return new Refusal("current", reason);
    }

    static Refusal ofNew(String reason) {
      return new Refusal("password", reason);
    }
  }

  /** Why it was refused; empty when it is done. */
  Optional<Refusal> change(HttpServletRequest request, String current, String fresh) {
    var name = String.valueOf(request.getRemoteUser());
    var account = accounts.find(name).orElse(null);
    if (account == null) {
      return Optional.of(Refusal.ofCurrent("This user is gone. Ask an administrator."));
    }
    var address = String.valueOf(request.getRemoteAddr());
    var wait = throttle.begin(name, address, clock.instant());
    if (wait.compareTo(Duration.ZERO) > 0) {
      return Optional.of(
          Refusal.ofCurrent("Too many attempts. Try again in " + (wait.toSeconds() + 1) + " s."));
    }
    boolean matches;
    try {
      matches = passwords.matches(current, account.passwordHash());
    } catch (Problem busy) {
      throttle.withdrawn(name, address);
      throw busy;
    }
    if (!matches) {
      return Optional.of(Refusal.ofCurrent("The current password is not right."));
    }
    throttle.succeeded(name, address);
    if (fresh.equals(current)) {
      return Optional.of(Refusal.ofNew("The new password is the old one."));
    }
    var refusal = policy.refusal(fresh, name).map(Refusal::ofNew);
    return refusal.isPresent() ? refusal : set(account, fresh, request);
  }

  private Optional<Refusal> set(Account account, String fresh, HttpServletRequest request) {
    var hash = passwords.hash(fresh);
    var old = account.passwordHash();
    // Hashing takes a while: somebody may have set another password meanwhile, and that one stays.
    if (!(accounts.change(
                account.name(), a -> a.passwordHash().equals(old) ? a.withPassword(hash, false) : a)
            instanceof Accounts.Change.Made(var changed))
        || !changed.passwordHash().equals(hash)) {
      return Optional.of(Refusal.ofCurrent("The current password is not right."));
    }
    first.passwordChanged(changed.name());
    sessions.endOthers(changed, request);
    LOG.atInfo().addKeyValue("user", changed.name()).log("password changed");
    return Optional.empty();
  }
}
