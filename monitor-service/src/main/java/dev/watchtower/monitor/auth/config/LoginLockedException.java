package dev.watchtower.monitor.auth.config;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** Too many failed logins: the next may be tried after the wait. */
final class LoginLockedException extends AuthenticationException {
  private static final long serialVersionUID = 1L;
  private final Duration wait;

  LoginLockedException(Duration wait) {
    super("too many failed logins");
    this.wait = wait;
  }

  long seconds() {
    return Math.max(1, wait.toSeconds() + 1);
  }
}
