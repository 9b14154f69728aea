package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class LoginIT extends RunningMonitor {
  @Test
  void sendsPeopleToTheLoginAndToldProgramsThatTheyMustLogIn() {
    var page = browser().page("/incidents/1?x=y");
    assertThat(page.statusCode()).isEqualTo(302);
    assertThat(page.headers().firstValue("Location").orElseThrow())
        .endsWith("/login?next=%2Fincidents%2F1%3Fx%3Dy");

    var json = browser().get("/bff/overview");
    assertThat(json.statusCode()).isEqualTo(401);
    assertThat(json.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
  }

  @Test
  void logsInWithANewSessionAndOutForGood() {
    var browser = browser();
    browser.page("/login");
    var answer = browser.login("Admin", ADMIN_PASSWORD);
    assertThat(answer.statusCode()).isEqualTo(302);
    var session = browser.cookie("watchtower").orElseThrow();
    assertThat(answer.headers().allValues("Set-Cookie"))
        .anySatisfy(c ->
            assertThat(c).startsWith("watchtower=").contains("HttpOnly").contains("SameSite=Lax"));

    JsonNode me = browser.json("/bff/me");
    assertThat(me.path("name").asString()).isEqualTo("admin");
    assertThat(me.path("roles").path(0).asString()).isEqualTo("ADMIN");
    assertThat(me.path("scopes").valueStream().map(JsonNode::asString))
        .containsExactly("admin", "chaos", "read", "respond");
    assertThat(me.path("mustChangePassword").asBoolean()).isFalse();

    // As the dashboard does it: the cookie's value in a form field.
    var out = browser.form("/logout", Map.of("_csrf", browser.cookie("XSRF-TOKEN").orElseThrow()));
    assertThat(out.statusCode()).isEqualTo(302);
    var old = browser();
    assertThat(old.get("/bff/me").statusCode()).isEqualTo(401);
    assertThat(browser.get("/bff/me").statusCode()).isEqualTo(401);
    assertThat(browser.cookie("watchtower")).isNotEqualTo(Optional.of(session));
  }

  @Test
  void leadsOnToThePageThatWasAskedFor() {
    var browser = browser();
    var form = browser.page("/login?next=/incidents/7");
    assertThat(form.body()).contains("value=\"/incidents/7\"");
    var answer =
        browser.form(
            "/login",
            Map.of(
                "username",
                "admin",
                "password",
                ADMIN_PASSWORD,
                "next",
                "/incidents/7",
                "_csrf",
                Browser.csrfField(form.body())));
    assertThat(answer.headers().firstValue("Location")).hasValue("/incidents/7");
  }

  @Test
  void refusesAWrongPasswordAndAFormWithoutTheToken() {
    var browser = browser();
    var answer = browser.login("admin", "wrong horse battery");
    assertThat(answer.headers().firstValue("Location").orElseThrow())
        .endsWith("/login?error=credentials");
    assertThat(browser.page("/login?error=credentials").body()).contains("Wrong name or password.");

    var without = browser.form("/login", Map.of("username", "admin", "password", ADMIN_PASSWORD));
    assertThat(without.headers().firstValue("Location").orElseThrow())
        .endsWith("/login?error=expired");
    assertThat(browser.get("/bff/me").statusCode()).isEqualTo(401);
  }

  @Test
  void slowsDownGuessingAndSaysHowLong() {
    var browser = browser();
    for (int i = 0; i < LoginThrottle.FREE; i++) {
      browser.login("mallory", "guess number " + i);
    }

    var answer = browser.login("mallory", "guess number 6");

    var location = answer.headers().firstValue("Location").orElseThrow();
    assertThat(location).contains("error=wait&seconds=");
    assertThat(browser.page(location.substring(location.indexOf("/login"))).body())
        .contains("Too many failed attempts. Wait ");
  }

  private static String outcome(Browser browser, String name) {
    return browser.login(name, "a wrong guess").headers().firstValue("Location").orElseThrow();
  }

  @Test
  void behindAProxyTheFailuresOfOneLockOutNobodyElse() {
    var stranger = browser().forwardedFor("203.0.113.9");
    for (int i = 0; i < LoginThrottle.FREE; i++) {
      outcome(stranger, "trudy");
    }
    assertThat(outcome(stranger, "trudy")).contains("error=wait");

    assertThat(outcome(browser().forwardedFor("198.51.100.7"), "trudy"))
        .contains("error=credentials");
    assertThat(outcome(browser().forwardedFor("192.168.1.4, 203.0.113.9"), "trudy"))
        .as("what is claimed before the proxy's own word is not believed")
        .contains("error=wait");
  }

  @Test
  void browsersAreToldToStayOnHttpsBehindAProxyForThisHostAlone() {
    var header = "Strict-Transport-Security";

    assertThat(browser().forwardedFor("203.0.113.9").page("/login").headers().firstValue(header))
        .hasValueSatisfying(
            v -> assertThat(v).startsWith("max-age=").doesNotContain("includeSubDomains"));
    assertThat(browser().page("/login").headers().firstValue(header)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoIsNoListedProxyCannotClaimAnAddress() throws Exception {
    var direct = InetAddress.getByName("127.0.0.2");
    for (int i = 0; i < LoginThrottle.FREE; i++) {
      outcome(new Browser(base(), direct).forwardedFor("203.0.113." + i), "eve");
    }

    assertThat(outcome(new Browser(base(), direct).forwardedFor("203.0.113.99"), "eve"))
        .contains("error=wait");
  }

  @Test
  void letsOnlyAdministratorsMakeUsersAndEndsTheSessionsOfThoseItDisables() {
    var admin = admin();
    var made =
        admin.call("POST", "/api/v1/users", Map.of("name", "Vera", "roles", List.of("VIEWER")));
    assertThat(made.statusCode()).isEqualTo(201);
    var password = Browser.json(made).path("password").asString();
    var vera = browser();
    var first = vera.login("vera", password);
    assertThat(first.headers().firstValue("Location")).hasValue("/change-password");

    assertThat(vera.get("/bff/me").statusCode()).isEqualTo(200);
    var early = vera.get("/bff/overview");
    assertThat(early.statusCode()).isEqualTo(403);
    assertThat(early.body()).contains("password-change-needed");
    assertThat(vera.page("/").headers().firstValue("Location").orElseThrow())
        .endsWith("/change-password");

    var form = vera.page("/change-password");
    var csrf = Browser.csrfField(form.body());
    var weak =
        vera.form(
            "/change-password",
            Map.of("current", password, "password", "short", "again", "short", "_csrf", csrf));
    assertThat(weak.statusCode()).isEqualTo(400);
    assertThat(weak.body()).contains("at least 12 characters");
    var changed =
        vera.form(
            "/change-password",
            Map.of(
                "current",
                password,
                "password",
                "my own long phrase",
                "again",
                "my own long phrase",
                "_csrf",
                csrf));
    assertThat(changed.statusCode()).isEqualTo(302);
    assertThat(vera.get("/bff/overview").statusCode()).isEqualTo(200);

    assertThat(vera.get("/api/v1/users").statusCode()).isEqualTo(403);
    assertThat(vera.get("/api/v1/tokens").statusCode()).isEqualTo(403);
    assertThat(vera.get("/logs").statusCode()).isEqualTo(403);
    assertThat(vera.any("/metrics").statusCode()).isEqualTo(200);

    var disabled = admin.call("PUT", "/api/v1/users/vera", Map.of("disabled", true));
    assertThat(disabled.statusCode()).isEqualTo(200);
    assertThat(vera.get("/bff/me").statusCode()).isEqualTo(401);
    var again = browser().login("vera", "my own long phrase");
    assertThat(again.headers().firstValue("Location").orElseThrow()).contains("error=credentials");
    assertThat(admin.json("/bff/users").path("items").valueStream())
        .anyMatch(u -> u.path("name").asString().equals("vera") && u.path("disabled").asBoolean());
  }

  @Test
  void whoForgotThePasswordGetsANewOneThatMustBeChanged() {
    var admin = admin();
    var made =
        admin.call(
            "POST",
            "/api/v1/users",
            Map.of("name", "fay", "roles", List.of("SRE"), "password", "a phrase of the admin"));
    assertThat(made.statusCode()).isEqualTo(201);
    var fay = browser();
    fay.login("fay", "a phrase of the admin");
    assertThat(fay.get("/bff/me").statusCode()).isEqualTo(200);

    var reset = admin.call("POST", "/api/v1/users/fay/password", null);

    assertThat(reset.statusCode()).isEqualTo(200);
    var password = Browser.json(reset).path("password").asString();
    assertThat(fay.get("/bff/me").statusCode()).as("sessions have ended").isEqualTo(401);
    assertThat(browser().login("fay", "a phrase of the admin").headers().firstValue("Location"))
        .get()
        .asString()
        .contains("error=credentials");
    assertThat(browser().login("fay", password).headers().firstValue("Location"))
        .hasValue("/change-password");
    assertThat(admin.call("POST", "/api/v1/users/nobody/password", null).statusCode())
        .isEqualTo(404);
  }

  @Test
  void theFileWithTheFirstPasswordGoesWhenAnAdministratorSetsAnother() throws IOException {
    var file = KEYS.dataDir().resolve("monitor").resolve("first-password");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "not true any more\n");
    admin().call("PUT", "/api/v1/users/admin", Map.of("roles", List.of("ADMIN")));
    assertThat(file).exists();

    var set = Map.of("password", "one for the meantime");
    assertThat(admin().call("PUT", "/api/v1/users/admin", set).statusCode()).isEqualTo(200);

    assertThat(file).doesNotExist();
    var again = browser();
    again.login("admin", "one for the meantime");
    again.page("/login");
    var own = Map.of("current", "one for the meantime", "password", ADMIN_PASSWORD);
    assertThat(again.call("PUT", "/api/v1/me/password", own).statusCode()).isEqualTo(204);
  }

  @Test
  void theLauncherMayGiveANewPasswordAndNothingElseOfUsers() {
    admin().call("POST", "/api/v1/users", Map.of("name", "lou", "roles", List.of("ADMIN")));
    var launcher = browser().withToken(KEYS.service("launcher", Scope.TOKENS));

    var reset = launcher.call("POST", "/api/v1/users/lou/password", null);

    assertThat(reset.statusCode()).isEqualTo(200);
    var password = Browser.json(reset).path("password").asString();
    assertThat(browser().login("lou", password).headers().firstValue("Location"))
        .hasValue("/change-password");
    assertThat(launcher.get("/api/v1/users").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/users",
    "GET, /bff/users",
    "POST, /api/v1/users",
    "POST, /bff/users",
    "PUT, /api/v1/users/admin",
    "PATCH, /bff/users/admin",
    "POST, /api/v1/users/admin/password",
    "GET, /api/v1/users/admin/password",
    "POST, /bff/users/admin/password",
    "PUT, /api/v1/me/password",
    "PUT, /bff/me/password",
    "GET, /bff/me",
    "GET, /bff/incident/api/v1/incidents"
  })
  void aMachineIsNoAdministratorOfPeople(String method, String path) {
    var made = Map.of("name", "all", "scopes", List.of("admin"));
    var token = Browser.json(admin().call("POST", "/api/v1/tokens", made));
    var machine = browser().withToken(token.path("token").asString());
    assertThat(machine.get("/bff/overview").statusCode()).isEqualTo(200);

    var answer = machine.call(method, path, Map.of("name", "eve", "roles", List.of("ADMIN")));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(Browser.json(answer).path("type").asString()).endsWith("/forbidden");
    assertThat(admin().get("/api/v1/users").body()).doesNotContain("\"eve\"");
  }

  @Test
  void namesTheFaultInABadUser() {
    var admin = admin();
    assertThat(admin.call("POST", "/api/v1/users", Map.of("name", "a b")).body())
        .contains("\"path\":\"name\"");
    assertThat(admin.call("POST", "/api/v1/users", Map.of("name", "bert")).body())
        .contains("\"path\":\"roles\"");
    assertThat(
            admin
                .call(
                    "POST",
                    "/api/v1/users",
                    Map.of("name", "bert", "roles", Arrays.asList("SRE", null)))
                .body())
        .contains("\"path\":\"roles[1]\"");
    assertThat(
            admin
                .call(
                    "POST",
                    "/api/v1/users",
                    Map.of("name", "bert", "roles", List.of("SRE"), "password", "short"))
                .body())
        .contains("\"path\":\"password\"");
    assertThat(
            admin
                .call("POST", "/api/v1/users", Map.of("name", "admin", "roles", List.of("SRE")))
                .body())
        .contains("user-exists", "There is a user of the name 'admin' already.");
    assertThat(admin.call("PUT", "/api/v1/users/admin", Map.of("disabled", true)).body())
        .contains("last-admin");
    assertThat(admin.call("PUT", "/api/v1/users/nobody", Map.of("disabled", true)).statusCode())
        .isEqualTo(404);
    assertThat(
            admin
                .call(
                    "PUT",
                    "/api/v1/me/password",
                    Map.of("current", "wrong", "password", "a good long phrase"))
                .body())
        .contains("not right", "\"path\":\"current\"");
    assertThat(
            admin
                .call("PUT", "/api/v1/me/password", Map.of("password", "a good long phrase"))
                .body())
        .contains("\"path\":\"current\"");
    assertThat(admin.call("PUT", "/api/v1/me/password", Map.of("current", "wrong")).body())
        .contains("\"path\":\"password\"");
  }

  @Test
  void changesNothingWithoutTheCsrfToken() {
    var answer =
        admin()
            .callWithoutCsrf(
                "POST", "/api/v1/users", Map.of("name", "eve", "roles", List.of("ADMIN")));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("CSRF");
    assertThat(admin().get("/api/v1/users").body()).doesNotContain("eve");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/tokens",
    "DELETE, /api/v1/tokens/abc",
    "POST, /api/v1/users",
    "PUT, /api/v1/users/admin",
    "PATCH, /api/v1/users/admin",
    "POST, /api/v1/users/admin/password",
    "PUT, /api/v1/me/password"
  })
  void asksAProgramWithNeitherSessionNorTokenWhoItIsFirst(String method, String path) {
    var answer = browser().callWithoutCsrf(method, path, Map.of());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Browser.json(answer).path("type").asString()).endsWith("/unauthorized");
  }
}
