package dev.watchtower.monitor.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.AccountStore;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.LoginThrottle;
import dev.watchtower.monitor.auth.Role;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;

/** What changes of an account while its login is under way. */
class PasswordLoginTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private final Passwords passwords = new Passwords();
  private final Account bob =
      new Account("bob", passwords.hash("right"), Role.SRE, false, false, NOW, null);
  private final Accounts accounts =
      new Accounts(
          new AccountStore() {
            @Override
            public List<Account> load() {
              return List.of(bob);
            }

            @Override
            public void save(Account account) {
              // Kept by those who ask.
            }
          });
  private final LoginThrottle throttle = new LoginThrottle();
  private final PasswordLogin login =
      new PasswordLogin(accounts, passwords, new LoginThrottle(), Clock.fixed(NOW, ZoneOffset.UTC));

  /** A try with the right password; {@code change} is made after the account was read. */
  private UsernamePasswordAuthenticationToken during(UnaryOperator<Account> change) {
    var credentials =
        new Object() {
          @Override
          public String toString() {
            assertThat(accounts.change("bob", change)).isInstanceOf(Accounts.Change.Made.class);
            return "right";
          }
        };
    return UsernamePasswordAuthenticationToken.unauthenticated("bob", credentials);
  }

  @Test
  void whoWasNotEvenTriedHasNotFailed() {
    var attempt = UsernamePasswordAuthenticationToken.unauthenticated("bob", "right");
    for (int i = 0; i < 20; i++) {
      // Nobody waits for a place with it: the same 503 as after 5 s.
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> login.authenticate(attempt)).isInstanceOf(Problem.class);
    }

    assertThat(Thread.interrupted()).isTrue();
    assertThat(login.authenticate(attempt).isAuthenticated()).isTrue();
  }

  @Test
  void hasTheRoleOfTheEnd() {
    var done = login.authenticate(during(a -> a.withRole(Role.VIEWER)));

    assertThat(done.getAuthorities()).extracting(Object::toString).contains("ROLE_VIEWER");
    assertThat(accounts.find("bob").orElseThrow().lastLoginAt()).isEqualTo(NOW);
  }

  @Test
  void failsWithAPasswordThatIsTheOldOneByThen() {
    assertThatThrownBy(() -> login.authenticate(during(a -> a.withPassword("another", false))))
        .isInstanceOf(BadCredentialsException.class);
    assertThat(accounts.find("bob").orElseThrow().lastLoginAt()).isNull();
  }

  @Test
  void failsForWhoIsDisabledByThen() {
    assertThatThrownBy(() -> login.authenticate(during(a -> a.withDisabled(true))))
        .isInstanceOf(BadCredentialsException.class);
  }
}
