package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoginRulesTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private final PasswordPolicy policy = new PasswordPolicy(Set.of("passwordpassword", "letmein"));
  private final LoginThrottle throttle = new LoginThrottle();

  @Test
  void takesLongPasswordsOfAnyKind() {
    assertThat(policy.refusal("three short words", "ann")).isEmpty();
  }

  @Test
  void refusesShortCommonAndObviousPasswords() {
    assertThat(policy.refusal("short", "ann"))
        .hasValueSatisfying(r -> assertThat(r).contains("12"));
    assertThat(policy.refusal("PasswordPassword1!", "ann")).isPresent();
    assertThat(policy.refusal("letmein-123456", "ann")).isPresent();
    assertThat(policy.refusal("ababababababab", "ann")).isPresent();
    assertThat(policy.refusal("anna-lena-1234", "annalena")).isPresent();
    assertThat(policy.refusal("watchtower2026!", "ann")).isPresent();
    assertThat(policy.refusal("x".repeat(40) + "abcdefg".repeat(20), "ann")).isPresent();
  }

  @Test
  void slowsDownGuessingFromTheSixthTryOn() {
    for (int i = 0; i < LoginThrottle.FREE; i++) {
      assertThat(throttle.toWait("ann", "1.1.1.1", NOW)).isZero();
      throttle.failed("ann", "1.1.1.1", NOW);
    }

    assertThat(throttle.toWait("Ann", "1.1.1.1", NOW)).isEqualTo(Duration.ofSeconds(15));
    assertThat(throttle.toWait("ann", "1.1.1.1", NOW.plusSeconds(15))).isZero();
    throttle.failed("ann", "1.1.1.1", NOW.plusSeconds(15));
    assertThat(throttle.toWait("ann", "1.1.1.1", NOW.plusSeconds(15)))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void doesNotLockOutTheOwnerBecauseOfAStranger() {
    for (int i = 0; i < 10; i++) {
      throttle.failed("ann", "6.6.6.6", NOW);
    }

    assertThat(throttle.toWait("ann", "1.1.1.1", NOW)).isZero();
    assertThat(throttle.toWait("bob", "6.6.6.6", NOW)).isZero();
  }

  @Test
  void slowsDownManyAddressesAgainstOneAccountAndOneAddressAgainstMany() {
    for (int i = 0; i < 60; i++) {
      throttle.failed("ann", "10.0.0." + i, NOW);
      throttle.failed("user" + i, "6.6.6.6", NOW);
    }

    assertThat(throttle.toWait("ann", "1.1.1.1", NOW)).isPositive();
    assertThat(throttle.toWait("carl", "6.6.6.6", NOW)).isPositive();
  }

  @Test
  void aSuccessForgetsTheFailures() {
    for (int i = 0; i < 5; i++) {
      throttle.failed("ann", "1.1.1.1", NOW);
    }
    throttle.succeeded("ann", "1.1.1.1");

    assertThat(throttle.toWait("ann", "1.1.1.1", NOW)).isZero();
  }

  @Test
  void neverLosesTheLastAdministrator() {
    var kept = new ArrayList<Account>();
    var accounts =
        new Accounts(
            new AccountStore() {
              @Override
              public List<Account> load() {
                return List.of(new Account("ann", "h", Role.ADMIN, false, false, NOW, null));
              }

              @Override
              public void save(Account account) {
                kept.add(account);
              }
            });

    assertThat(accounts.change("ann", a -> a.withRole(Role.VIEWER)))
        .isInstanceOf(Accounts.Change.LastAdmin.class);
    assertThat(accounts.change("ann", a -> a.withDisabled(true)))
        .isInstanceOf(Accounts.Change.LastAdmin.class);
    assertThat(kept).isEmpty();
    accounts.add(new Account("bob", "h", Role.ADMIN, false, false, NOW, null));
    assertThat(accounts.change("ANN", a -> a.withDisabled(true)))
        .isInstanceOf(Accounts.Change.Made.class);
    assertThat(accounts.change("carl", a -> a)).isInstanceOf(Accounts.Change.Unknown.class);
  }
}
