package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class TokensIT extends RunningMonitor {
  @Autowired JdbcClient db;

  @Test
  void makesATokenShowsItOnceAndRevokesItForAll() {
    var admin = admin();
    var made =
        admin.call("POST", "/api/v1/tokens", Map.of("name", "ci", "scopes", List.of("read")));
    assertThat(made.statusCode()).isEqualTo(201);
    var body = Browser.json(made);
    var token = body.path("token").asString();
    var id = body.path("id").asString();
    assertThat(token).startsWith("wt_");

    assertThat(admin.get("/api/v1/tokens").body()).contains(id).doesNotContain(token);
    assertThat(
            db.sql("select name || scopes || sha256 || created_by from machine_token")
                .query((rs, _) -> rs.getString(1))
                .list())
        .noneMatch(row -> row.contains(token))
        .anyMatch(row -> row.contains("user:admin"));

    var machine = browser().withToken(token);
    assertThat(machine.get("/slo").statusCode()).isEqualTo(200);
    assertThat(machine.get("/uptime-history").statusCode()).isEqualTo(200);
    assertThat(machine.get("/api/v1/tokens").statusCode()).isEqualTo(403);
    assertThat(machine.get("/logs").statusCode()).isEqualTo(403);

    assertThat(admin.call("DELETE", "/api/v1/tokens/" + id, null).statusCode()).isEqualTo(204);
    assertThat(machine.get("/slo").statusCode()).isEqualTo(401);
    var service = browser().withToken(KEYS.service("ingest", Scope.READ, Scope.REVOCATIONS));
    assertThat(service.json("/internal/v1/revocations").path("revoked").valueStream())
        .anyMatch(r -> r.asString().equals(id));
    assertThat(
            admin
                .json("/api/v1/tokens")
                .valueStream()
                .filter(t -> t.path("id").asString().equals(id)))
        .allMatch(t -> t.hasNonNull("revokedAt"));
    assertThat(admin.call("DELETE", "/api/v1/tokens/nope", null).statusCode()).isEqualTo(404);
  }

  @Test
  void answersProgramsWithProblemsWhateverTheyTake() {
    for (var path : List.of("/api/v1/tokens", "/api/v1/users")) {
      var broken = admin().postForAPage(path, "{");
      assertThat(broken.statusCode()).as(path).isEqualTo(406);
      assertThat(broken.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/problem+json");

      var stranger = browser().page(path);
      assertThat(stranger.statusCode()).as(path).isEqualTo(401);
      assertThat(stranger.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/problem+json");
    }
  }

  @Test
  void keepsNothingOfATokenThatNobodyKnows() {
    assertThat(
            db.sql("select name from pragma_table_info('machine_token')")
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder(
            "id", "name", "scopes", "sha256", "created_at", "created_by", "revoked_at");
  }

  @Test
  void letsTheLauncherMakeTokensAndNobodyElse() {
    var launcher = browser().withToken(KEYS.service("launcher", Scope.TOKENS));
    var made =
        launcher.call(
            "POST", "/api/v1/tokens", Map.of("name", "sender", "scopes", List.of("ingest:write")));
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(Browser.json(made).path("createdBy").asString()).isEqualTo("service:launcher");

    var sender = browser().withToken(Browser.json(made).path("token").asString());
    assertThat(sender.get("/slo").statusCode()).isEqualTo(403);
    assertThat(
            browser()
                .call("POST", "/api/v1/tokens", Map.of("name", "x", "scopes", List.of("read")))
                .statusCode())
        .isIn(401, 403);
    assertThat(browser().withToken("wt_junk.junk").get("/slo").statusCode()).isEqualTo(401);
    assertThat(
            browser()
                .withToken(KEYS.service("ingest", Scope.READ))
                .get("/internal/v1/revocations")
                .statusCode())
        .isEqualTo(403);
    assertThat(admin().get("/internal/v1/revocations").statusCode()).isEqualTo(403);
  }

  @Test
  void theServicesLearnWhoMayNotWorkOnIncidents() {
    var admin = admin();
    for (var role : List.of("VIEWER", "RESPONDER", "SRE")) {
      var name = "tells-" + role.toLowerCase(Locale.ROOT);
      assertThat(
              admin
                  .call("POST", "/api/v1/users", Map.of("name", name, "roles", List.of(role)))
                  .statusCode())
          .isEqualTo(201);
    }
    assertThat(admin.call("PUT", "/api/v1/users/tells-sre", Map.of("disabled", true)).statusCode())
        .isEqualTo(200);

    var service = browser().withToken(KEYS.service("incident", Scope.READ, Scope.REVOCATIONS));
    assertThat(service.json("/internal/v1/revocations").path("revoked").valueStream())
        .extracting(one -> one.asString())
        .contains("user:tells-viewer", "user:tells-sre")
        .doesNotContain("user:tells-responder", "user:admin");
  }

  @Test
  void onlyValidTokensCountAgainstTheLimit() {
    db.sql(
            """
            insert into machine_token (id, name, scopes, sha256, created_at, created_by, revoked_at)
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)
            select 'old-' || i, 'old', 'read', 'old-' || i, 1, 'user:admin', 2 from n
            """)
        .update();
    var body = Map.of("name", "ci", "scopes", List.of("read"));
    try {
      assertThat(admin().call("POST", "/api/v1/tokens", body).statusCode()).isEqualTo(201);
      db.sql("update machine_token set revoked_at = null where name = 'old'").update();
      assertThat(admin().call("POST", "/api/v1/tokens", body).body())
          .contains("too-many-tokens", "At most 10000 can be valid");
    } finally {
      db.sql("delete from machine_token where name = 'old'").update();
    }
  }

  @Test
  void namesTheFaultInABadRequest() {
    var admin = admin();
    assertThat(
            admin
                .call("POST", "/api/v1/tokens", Map.of("name", "x", "scopes", List.of("fault")))
                .body())
        .contains("scopes[0]");
    assertThat(admin.call("POST", "/api/v1/tokens", Map.of("name", "x")).body())
        .contains("\"path\":\"scopes\"");
    assertThat(
            admin
                .call("POST", "/api/v1/tokens", Map.of("name", "ü", "scopes", List.of("read")))
                .body())
        .contains("\"path\":\"name\"");
  }
}
