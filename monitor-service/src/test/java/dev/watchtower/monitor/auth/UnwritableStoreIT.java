package dev.watchtower.monitor.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;

/** monitor.db answers and takes nothing, as on a full disk. */
class UnwritableStoreIT extends RunningMonitor {
  @Autowired private JdbcClient db;
  @Autowired private FindByIndexNameSessionRepository<? extends Session> sessions;
  private Browser admin;

  @BeforeEach
  void theStoreTakesNothing() {
    admin = admin();
    db.sql("pragma query_only = on").update();
  }

  @AfterEach
  void theStoreTakesEverythingAgain() {
    db.sql("pragma query_only = off").update();
    SHOP.up();
    soon().until(() -> state(admin, "monitor-service"), "UP"::equals);
    soon().until(() -> state(admin, "storefront"), "UP"::equals);
  }

  private static void isRefusedForNow(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(answer.body()).contains("cannot be written");
  }

  @Test
  void whoIsLoggedInReadsOn() {
    for (var path : List.of("/", "/status", "/login")) {
      assertThat(admin.page(path).statusCode()).as(path).isEqualTo(200);
    }
    for (var path : List.of("/bff/me", "/bff/incident/api/v1/incidents", "/bff/health")) {
      assertThat(admin.get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void whatHasToBeStoredIsRefusedForNow() {
    for (int i = 0; i < 12; i++) {
      isRefusedForNow(browser().login("admin", ADMIN_PASSWORD));
    }
    var token = Map.of("name", "nowhere", "scopes", List.of("read"));
    isRefusedForNow(admin.call("POST", "/api/v1/tokens", token));

    db.sql("pragma query_only = off").update();

    assertThat(browser().login("admin", ADMIN_PASSWORD).statusCode())
        .as("the password was right each time: nobody is locked out")
        .isEqualTo(302);
  }

  @Test
  void aLogoutCountsAtOnceAndIsStoredLater() {
    var cookie = admin.cookie("watchtower").orElseThrow();
    var id = new String(Base64.getDecoder().decode(cookie), StandardCharsets.UTF_8);

    var out = admin.form("/logout", Map.of("_csrf", admin.cookie("XSRF-TOKEN").orElseThrow()));

    assertThat(out.statusCode()).isEqualTo(302);
    assertThat(sessions.findById(id)).isNull();
    assertThat(sessions.findByPrincipalName("admin")).doesNotContainKey(id);
    assertThat(stored(id)).isOne();
    db.sql("pragma query_only = off").update();
    soon().until(() -> stored(id) == 0);
    assertThat(sessions.findById(id)).isNull();
    admin = admin();
  }

  private int stored(String id) {
    return db.sql("select count(*) from spring_session where session_id = ?")
        .param(id)
        .query(Integer.class)
        .single();
  }

  @Test
  void monitorsOwnHealthSaysSoOnTheDashboardToo() {
    // Something to be stored.
    SHOP.down();

    soon().until(() -> state(admin, "monitor-service"), "DOWN"::equals);

    assertThat(admin.get("/bff/health").body()).contains("store is DOWN");
    assertThat(browser().get("/health").statusCode()).isEqualTo(503);
  }
}
