package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that no database holds, wherever somebody can send one. */
class BadTimesIT extends RunningService {
  private static final String FAR = "+1000000000-12-31T23:59:59Z";

  private Api admin() {
    return as("ann", Scope.READ, Scope.RESPOND, Scope.ADMIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on-call?at=",
        "incidents?from=",
        "incidents?to=",
        "measures?from=",
        "measures?to=",
        "audit?from=",
        "audit?to="
      })
  void areRefusedInQueriesWithTheirName(String query) {
    var name = query.substring(query.indexOf('?') + 1, query.length() - 1);

    for (var time : List.of(FAR.replace("+", "%2B"), "-0001-01-01T00:00:00Z")) {
      var answer = admin().get("/api/v1/" + query + time);

      assertThat(answer.status()).as(time + " " + answer.body()).isEqualTo(400);
      assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo(name);
    }
    assertThat(admin().get("/api/v1/" + query + "2026-03-02T10:00:00Z").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"startsAt", "endsAt"})
  void areRefusedInSilences(String name) {
    var request =
        new LinkedHashMap<String, Object>(
            Map.of(
                "matchers", Map.of("services", List.of("checkout")),
                "reason", "planned",
                "startsAt", CLOCK.instant().toString(),
                "endsAt", CLOCK.instant().plusSeconds(60).toString()));
    request.put(name, FAR);

    var answer = admin().post("/api/v1/silences", request);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo(name);
  }

  @Test
  void areRefusedInActionItems() {
    var incident =
        admin()
            .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");

    var answer =
        admin()
            .post(
                "/api/v1/incidents/" + incident + "/action-items",
                Map.of("text", "tidy up", "due", "+999999999-12-31"));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo("due");
  }
}
