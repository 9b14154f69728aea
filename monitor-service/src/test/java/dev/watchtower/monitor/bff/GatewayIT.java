package dev.watchtower.monitor.bff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.StubPeer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayIT extends RunningMonitor {
  @Test
  void passesOnInTheNameOfTheUser() {
    var answer = admin().call("POST", "/bff/incident/api/v1/echo", Map.of("event", "ACKNOWLEDGE"));

    assertThat(answer.statusCode()).isEqualTo(200);
    var body = Browser.json(answer);
    assertThat(body.path("caller").asString()).isEqualTo("user:admin");
    assertThat(body.path("body").path("event").asString()).isEqualTo("ACKNOWLEDGE");
    assertThat(body.path("from").asString()).isEqualTo("127.0.0.1");
  }

  @Test
  void tellsTheAuditWhereThePersonBehindTheProxySits() {
    var admin = admin().forwardedFor("203.0.113.9");

    var answer = admin.call("POST", "/bff/incident/api/v1/echo", Map.of("event", "ACKNOWLEDGE"));

    assertThat(Browser.json(answer).path("from").asString()).isEqualTo("203.0.113.9");
  }

  @Test
  void passesOnQueriesAnswersAndErrorsAsTheyAre() {
    INGEST.answer(got ->
        got.path().startsWith("/api/v1/query")
            ? new StubPeer.Reply(422, "{\"got\":\"" + got.path() + "\"}", "7")
            : StubPeer.Reply.ok("{\"items\":[]}"));

    var answer = admin().get("/bff/ingest/api/v1/query?query=up%7Bx%3D%22y%22%7D");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(answer.body()).contains("/api/v1/query?query=up%7Bx%3D%22y%22%7D");
  }

  @Test
  void namesTheServiceThatIsDown() {
    ANALYSIS.down();
    try {
      var admin = admin();
      soon().until(() -> state(admin, "analysis-service"), "DOWN"::equals);
      var answer = admin.get("/bff/analysis/api/v1/analyses");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("analysis-service is not reachable since 20");
      assertThat(Browser.json(answer).path("service").asString()).isEqualTo("analysis-service");
    } finally {
      ANALYSIS.up();
    }
  }

  /** Also right after a change went through, on the connection that was kept open. */
  @Test
  void aChangeThatReachedNobodyIsCertainlyNotDone() {
    var admin = admin();
    for (int i = 0; i < 3; i++) {
      assertThat(admin.call("POST", "/bff/analysis/api/v1/any", Map.of("once", true)).statusCode())
          .isEqualTo(200);
    }
    ANALYSIS.down();
    try {
      var answer = admin.call("POST", "/bff/analysis/api/v1/any", Map.of("once", true));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(Browser.json(answer).path("service").asString()).isEqualTo("analysis-service");
    } finally {
      ANALYSIS.up();
    }
  }

  @Test
  void saysThatNothingWasDoneWhereTheServiceRefusedTheConnection() {
    ANALYSIS.down();
    try {
      var answer = admin().call("POST", "/bff/analysis/api/v1/analyses", Map.of("once", true));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(Browser.json(answer).path("service").asString()).isEqualTo("analysis-service");
      assertThat(answer.body())
          .contains("analysis-service is not reachable", "Nothing was done; try again in a moment.")
          .doesNotContain("may be done");
      assertThat(admin().get("/bff/analysis/api/v1/analyses").body())
          .as("a question changes nothing anyway")
          .contains("is not reachable")
          .doesNotContain("Nothing was done");
    } finally {
      ANALYSIS.up();
    }
  }

  @Test
  void saysThatAChangeMayBeDoneWhenTheServiceBreaksOffBeforeItAnswers() {
    CHAOS.answer(got ->
        got.path().startsWith("/api/v1/")
            ? StubPeer.Reply.none()
            : StubPeer.Reply.ok("{\"status\":\"UP\"}"));
    try {
      var answer = admin().call("POST", "/bff/chaos/api/v1/broken", Map.of("once", true));

      assertThat(CHAOS.received())
          .filteredOn(got -> got.path().equals("/api/v1/broken"))
          .as("asked once")
          .hasSize(1);
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(Browser.json(answer).path("type").asString()).endsWith("/peer-broke-off");
      assertThat(answer.headers().firstValue("Retry-After")).as("no call to repeat it").isEmpty();

      var question = admin().get("/bff/chaos/api/v1/broken");
      assertThat(question.statusCode()).isEqualTo(503);
      assertThat(question.headers().firstValue("Retry-After")).hasValue("5");
    } finally {
      CHAOS.answer(_ -> StubPeer.Reply.ok("{\"status\":\"UP\"}"));
    }
  }

  @Test
  void waitsForNobodyLongerThanTenSeconds() {
    var release = new CountDownLatch(1);
    CHAOS.answer(got -> {
      if (got.path().startsWith("/api/v1/slow")) {
        try {
          release.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return StubPeer.Reply.ok("{}");
    });
    try {
      var answer = admin().get("/bff/chaos/api/v1/slow");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("chaos-service did not answer within 10 s. Try again.");

      var change = admin().call("POST", "/bff/chaos/api/v1/slow", Map.of("once", true));
      assertThat(change.statusCode()).isEqualTo(504);
      assertThat(change.body())
          .contains("did not answer within 10 s", "look before you ask again")
          .doesNotContain("ry again");
    } finally {
      release.countDown();
    }
  }

  @Test
  void aViewerLooksButChangesNothingAndOnlyAnAdministratorSeesTheAudit() {
    var admin = admin();
    var made =
        admin.call("POST", "/api/v1/users", Map.of("name", "gus", "roles", List.of("VIEWER")));
    var first = Browser.json(made).path("password").asString();
    var gus = browser();
    gus.login("gus", first);
    gus.page("/login");
    assertThat(
            gus.call(
                    "PUT",
                    "/api/v1/me/password",
                    Map.of("current", first, "password", "nine lives of a cat"))
                .statusCode())
        .isEqualTo(204);
    gus = browser();
    gus.login("gus", "nine lives of a cat");
    gus.page("/login");

    assertThat(gus.get("/bff/incident/api/v1/incidents").statusCode()).isEqualTo(200);
    assertThat(gus.get("/bff/escalation").statusCode()).isEqualTo(200);
    assertThat(gus.call("POST", "/bff/incident/api/v1/echo", Map.of("a", "b")).statusCode())
        .isEqualTo(403);
    assertThat(gus.get("/bff/incident/api/v1/audit").statusCode()).isEqualTo(403);
    assertThat(admin.get("/bff/incident/api/v1/audit").statusCode()).isEqualTo(200);
  }

  @Test
  void passesOnNothingButTheApi() {
    var admin = admin();
    assertThat(admin.get("/bff/incident/internal/x").statusCode()).isEqualTo(404);
    assertThat(admin.get("/bff/incident/chaos-agent/leases").statusCode()).isEqualTo(404);
    assertThat(admin.get("/bff/supervisor/api/v1/processes").statusCode()).isEqualTo(404);
    assertThat(browser().get("/bff/incident/api/v1/incidents").statusCode()).isEqualTo(401);
    assertThat(
            admin
                .callWithoutCsrf("POST", "/bff/incident/api/v1/echo", Map.of("a", "b"))
                .statusCode())
        .isEqualTo(403);
  }
}
