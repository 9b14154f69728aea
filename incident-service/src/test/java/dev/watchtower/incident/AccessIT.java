package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint with no token, with one of the wrong scope, and with the right one. */
class AccessIT extends RunningService {
  private static final String ID = "00000000-0000-0000-0000-000000000009";
  private static final String INCIDENT = "/api/v1/incidents/" + ID;

  static Stream<Arguments> endpoints() {
    return Stream.of(
        Arguments.of("GET", "/api/v1/incidents", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", "/v3/api-docs", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", INCIDENT, Scope.INGEST_WRITE, Scope.READ),
        Arguments.of("GET", INCIDENT + "/timeline", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", INCIDENT + "/timeline/verify", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", "/api/v1/remediations", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", "/api/v1/notifications", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", "/api/v1/notifications/" + ID + "/retry", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/notifications/" + ID + "/drop", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/notifications/test", Scope.RESPOND, Scope.ADMIN),
        Arguments.of("GET", INCIDENT + "/postmortem", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", INCIDENT + "/postmortem/revisions", Scope.RESPOND, Scope.READ),
        Arguments.of("PUT", INCIDENT + "/postmortem", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/postmortem/redraft", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/action-items", Scope.READ, Scope.RESPOND),
        Arguments.of("GET", "/api/v1/action-items", Scope.RESPOND, Scope.READ),
        Arguments.of("PUT", "/api/v1/action-items/" + ID, Scope.READ, Scope.RESPOND),
        Arguments.of("GET", "/api/v1/measures", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", "/api/v1/on-call", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", INCIDENT + "/escalation", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", INCIDENT + "/severity", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/responders", Scope.READ, Scope.RESPOND),
        Arguments.of("DELETE", INCIDENT + "/responders/bob", Scope.READ, Scope.RESPOND),
        Arguments.of("GET", INCIDENT + "/tasks", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", INCIDENT + "/tasks", Scope.READ, Scope.RESPOND),
        Arguments.of("PUT", INCIDENT + "/tasks/" + ID, Scope.READ, Scope.RESPOND),
        Arguments.of("GET", INCIDENT + "/status-updates", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", INCIDENT + "/status-updates", Scope.READ, Scope.RESPOND),
        Arguments.of("PUT", INCIDENT + "/status-updates/" + ID, Scope.READ, Scope.RESPOND),
        Arguments.of(
            "POST", INCIDENT + "/status-updates/" + ID + "/publish", Scope.READ, Scope.RESPOND),
        Arguments.of(
            "POST", INCIDENT + "/status-updates/" + ID + "/discard", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/merge", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/split", Scope.READ, Scope.RESPOND),
        Arguments.of("GET", "/api/v1/silences", Scope.RESPOND, Scope.READ),
        Arguments.of("GET", "/api/v1/silences/" + ID, Scope.RESPOND, Scope.READ),
        Arguments.of("POST", "/api/v1/silences", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/silences/preview", Scope.READ, Scope.RESPOND),
        Arguments.of("DELETE", "/api/v1/silences/" + ID, Scope.READ, Scope.RESPOND),
        Arguments.of("GET", "/api/v1/maintenance-windows", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", "/api/v1/maintenance-windows", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/maintenance-windows/preview", Scope.READ, Scope.RESPOND),
        Arguments.of("DELETE", "/api/v1/maintenance-windows/" + ID, Scope.READ, Scope.RESPOND),
        Arguments.of("GET", "/api/v1/muted", Scope.RESPOND, Scope.READ),
        Arguments.of("POST", "/api/v1/incidents", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/transitions", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/annotations", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/assignee", Scope.SIGNALS_WRITE, Scope.RESPOND),
        Arguments.of("POST", INCIDENT + "/analysis", Scope.RESPOND, Scope.ANALYSIS_WRITE),
        Arguments.of("POST", "/api/v1/remediations/" + ID + "/approve", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/remediations/" + ID + "/reject", Scope.READ, Scope.RESPOND),
        Arguments.of("POST", "/api/v1/signals", Scope.READ, Scope.SIGNALS_WRITE),
        Arguments.of("POST", "/api/v1/signals", Scope.CHAOS, Scope.INGEST_WRITE),
        Arguments.of("POST", "/api/v1/alertmanager", Scope.READ, Scope.INGEST_WRITE));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void asksForTheScopeAndNothingLess(String method, String path, Scope wrong, Scope right) {
    assertThat(call(nobody(), method, path)).isEqualTo(401);
    assertThat(call(as("eve", wrong), method, path)).isEqualTo(403);
    var rightful = right == Scope.ANALYSIS_WRITE ? asService("analysis", right) : as("ann", right);
    assertThat(call(rightful, method, path)).isNotIn(401, 403, 500);
  }

  private static int call(Api api, String method, String path) {
    return switch (method) {
      case "GET" -> api.get(path).status();
      case "PUT" -> api.put(path, "{}").status();
      case "DELETE" -> api.delete(path).status();
      default -> api.post(path, "{}").status();
    };
  }
}
