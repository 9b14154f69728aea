package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Sessions that come to be just after all sessions of their user were ended. */
class LateLoginIT extends RunningMonitor {
  private static final String PASSWORD = "a phrase of their own";

  @Autowired private Accounts accounts;

  private Browser loggedIn(String name) {
    var made =
        admin()
            .call(
                "POST",
                "/api/v1/users",
                Map.of("name", name, "roles", List.of("SRE"), "password", PASSWORD));
    assertThat(made.statusCode()).isEqualTo(201);
    change(name, a -> a.withPassword(a.passwordHash(), false));
    var browser = browser();
    browser.login(name, PASSWORD);
    browser.page("/login");
    assertThat(browser.get("/logs").statusCode()).isEqualTo(200);
    return browser;
  }

  /** As a change is for a session that the store did not have yet when it was made. */
  private void change(String name, UnaryOperator<Account> change) {
    assertThat(accounts.change(name, change)).isInstanceOf(Accounts.Change.Made.class);
  }

  @Test
  void haveNotTheRoleThatTheUserHasNoMore() {
    var bob = loggedIn("late-bob");

    change("late-bob", a -> a.withRole(Role.VIEWER));

    assertThat(bob.get("/logs").statusCode()).isEqualTo(401);
    assertThat(bob.get("/bff/me").statusCode()).as("it has ended").isEqualTo(401);
    bob.login("late-bob", PASSWORD);
    assertThat(bob.get("/bff/me").statusCode()).isEqualTo(200);
    assertThat(bob.get("/logs").statusCode()).isEqualTo(403);
  }

  @Test
  void areNotOfAPasswordThatIsTheUsersNoMore() {
    var thief = loggedIn("late-ann");
    var ann = browser();
    ann.login("late-ann", PASSWORD);
    ann.page("/login");
    var hash = accounts.find("late-ann").orElseThrow().passwordHash();
    var fresh = Map.of("current", PASSWORD, "password", "another of their own");
    assertThat(ann.call("PUT", "/api/v1/me/password", fresh).statusCode()).isEqualTo(204);
    assertThat(ann.get("/bff/me").statusCode()).as("who changed it goes on").isEqualTo(200);
    assertThat(ann.get("/logs").statusCode()).isEqualTo(200);

    change("late-ann", a -> a.withPassword(hash, false));

    assertThat(ann.get("/bff/me").statusCode()).isEqualTo(401);
    assertThat(thief.get("/bff/me").statusCode()).isEqualTo(401);
  }
}
