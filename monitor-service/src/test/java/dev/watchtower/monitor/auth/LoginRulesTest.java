package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
      assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isZero();
    }

    assertThat(throttle.begin("Ann", "1.1.1.1", NOW)).isEqualTo(Duration.ofSeconds(15));
    assertThat(throttle.begin("ann", "1.1.1.1", NOW.plusSeconds(15))).isZero();
    assertThat(throttle.begin("ann", "1.1.1.1", NOW.plusSeconds(15)))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void triesAtOnceAreNotMoreThanTriesInARow() throws Exception {
    var begun = new AtomicInteger();
    try (var guessers = Executors.newFixedThreadPool(20)) {
      for (int i = 0; i < 200; i++) {
        var unused =
            guessers.submit(() -> {
              if (throttle.begin("ann", "1.1.1.1", NOW).isZero()) {
                begun.incrementAndGet();
              }
            });
      }
    }

    assertThat(begun).hasValue(LoginThrottle.FREE);
  }

  @Test
  void doesNotLockOutTheOwnerBecauseOfAStranger() {
    for (int i = 0; i < 10; i++) {
      throttle.begin("ann", "6.6.6.6", NOW);
    }

    assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isZero();
    assertThat(throttle.begin("bob", "6.6.6.6", NOW)).isZero();
  }

  @Test
  void slowsDownManyAddressesAgainstOneAccountAndOneAddressAgainstMany() {
    for (int i = 0; i < 60; i++) {
      throttle.begin("ann", "10.0.0." + i, NOW);
      throttle.begin("user" + i, "6.6.6.6", NOW);
    }

    assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isPositive();
    assertThat(throttle.begin("carl", "6.6.6.6", NOW)).isPositive();
  }

  @Test
  void strangersFromEverywhereHoldUpTheOwnerForSecondsAndNotAtAllWhereItHasLoggedIn() {
    throttle.begin("ann", "192.168.1.7", NOW);
    throttle.succeeded("ann", "192.168.1.7");
    var now = NOW;
    for (int i = 0; i < 100; i++) {
      now = now.plusSeconds(31);
      assertThat(throttle.begin("ann", "10.0.0." + i, now)).isZero();
    }

    assertThat(throttle.begin("ann", "192.168.1.7", now)).isZero();
    throttle.succeeded("ann", "192.168.1.7");
    assertThat(throttle.begin("ann", "192.168.1.8", now)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void anIpv6NetworkIsOneNeighbour() {
    for (int i = 0; i < 50; i++) {
      assertThat(throttle.begin("user" + i, "2001:db8:1:2::" + Integer.toHexString(i), NOW))
          .isZero();
    }

    assertThat(throttle.begin("ann", "2001:db8:1:2:ffff:ffff:ffff:ffff", NOW)).isPositive();
    assertThat(throttle.begin("ann", "2001:db8:1:3::1", NOW)).isZero();
    assertThat(throttle.begin("ann", "unknown", NOW)).isZero();
  }

  @Test
  void whatWeEndedOurselvesIsGivenBack() {
    for (int i = 0; i < 200; i++) {
      assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isZero();
      throttle.withdrawn("ann", "1.1.1.1");
    }
    throttle.begin("ann", "1.1.1.1", NOW);
    throttle.begin("ann", "1.1.1.1", NOW);
    throttle.withdrawn("ann", "1.1.1.1");

    for (int i = 1; i < LoginThrottle.FREE; i++) {
      assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isZero();
    }
    assertThat(throttle.begin("ann", "1.1.1.1", NOW)).as("guesses count on").isPositive();
  }

  @Test
  void aSuccessForgetsTheFailuresAndItsOwnTry() {
    for (int i = 0; i < 200; i++) {
      assertThat(throttle.begin("ann", "1.1.1.1", NOW)).isZero();
      throttle.succeeded("ann", "1.1.1.1");
    }

    assertThat(throttle.begin("ann", "2.2.2.2", NOW)).isZero();
  }

  @Test
  void saysWhyAUserCannotBeAdded() {
    var kept = new ArrayList<Account>();
    var accounts = accounts(kept);

    assertThat(accounts.add(viewer("ann"))).isEqualTo(Accounts.Addition.NAME_TAKEN);
    for (int i = 1; i < Accounts.MAX; i++) {
      assertThat(accounts.add(viewer("user" + i))).isEqualTo(Accounts.Addition.MADE);
    }
    assertThat(accounts.add(viewer("bob"))).isEqualTo(Accounts.Addition.FULL);
    assertThat(accounts.add(viewer("ann"))).isEqualTo(Accounts.Addition.NAME_TAKEN);
    assertThat(kept).hasSize(Accounts.MAX - 1);
  }

  private static Account viewer(String name) {
    return new Account(name, "h", Role.VIEWER, false, false, NOW, null);
  }

  /** With one administrator, ann; what is saved goes to {@code kept}. */
  private static Accounts accounts(List<Account> kept) {
    return new Accounts(
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
  }

  @Test
  void neverLosesTheLastAdministrator() {
    var kept = new ArrayList<Account>();
    var accounts = accounts(kept);

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
