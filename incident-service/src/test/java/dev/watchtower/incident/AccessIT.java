package dev.watchtower.incident;

import static dev.watchtower.common.security.Scope.ADMIN;
import static dev.watchtower.common.security.Scope.ANALYSIS_WRITE;
import static dev.watchtower.common.security.Scope.CHAOS;
import static dev.watchtower.common.security.Scope.INGEST_WRITE;
import static dev.watchtower.common.security.Scope.READ;
import static dev.watchtower.common.security.Scope.RESPOND;
import static dev.watchtower.common.security.Scope.SIGNALS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Every endpoint, as the service itself lists them, without a token, with each role that may not,
 * and with each that may. An endpoint without a row here fails the build.
 */
class AccessIT extends RunningService {
  private static final String ID = "00000000-0000-0000-0000-000000000009";
  private static final String INCIDENT = "/api/v1/incidents/{id}";

  /** The scopes of a person of each role; each includes the ones before it. */
  private enum Role {
    VIEWER(READ),
    RESPONDER(READ, RESPOND),
    SRE(READ, RESPOND, CHAOS),
    ADMINISTRATOR(READ, RESPOND, CHAOS, ADMIN);

    private final Scope[] scopes;

    Role(Scope... scopes) {
      this.scopes = scopes;
    }
  }

  /**
   * One endpoint.
   *
   * @param anyOf the scopes of which one is needed; none: open to anybody
   */
  private record Row(String method, String pattern, Set<Scope> anyOf) {
    @Override
    public String toString() {
      return method + " " + pattern;
    }

    String path() {
      return pattern.replaceAll("\\{name}", "bob").replaceAll("\\{[^}]*}", ID);
    }

    boolean isOpen() {
      return anyOf.isEmpty();
    }

    boolean allows(Role role) {
      return Set.of(role.scopes).stream().anyMatch(anyOf::contains);
    }
  }

  private static Row row(String method, String pattern, Scope... anyOf) {
    return new Row(method, pattern, anyOf.length == 0 ? Set.of() : Set.of(anyOf));
  }

  private static final List<Row> TABLE =
      List.of(
          row("POST", "/api/v1/signals", SIGNALS_WRITE, INGEST_WRITE, RESPOND),
          row("POST", "/api/v1/alertmanager", SIGNALS_WRITE, INGEST_WRITE, RESPOND),
          row("GET", "/api/v1/incidents", READ),
          row("POST", "/api/v1/incidents", RESPOND),
          row("GET", INCIDENT, READ),
          row("POST", INCIDENT + "/transitions", RESPOND),
          row("POST", INCIDENT + "/assignee", RESPOND),
          row("POST", INCIDENT + "/severity", RESPOND),
          row("POST", INCIDENT + "/responders", RESPOND),
          row("DELETE", INCIDENT + "/responders", RESPOND),
          row("DELETE", INCIDENT + "/responders/{name}", RESPOND),
          row("GET", INCIDENT + "/tasks", READ),
          row("POST", INCIDENT + "/tasks", RESPOND),
          row("PUT", INCIDENT + "/tasks/{taskId}", RESPOND),
          row("GET", INCIDENT + "/status-updates", READ),
          row("POST", INCIDENT + "/status-updates", RESPOND),
          row("PUT", INCIDENT + "/status-updates/{updateId}", RESPOND),
          row("POST", INCIDENT + "/status-updates/{updateId}/publish", RESPOND),
          row("POST", INCIDENT + "/status-updates/{updateId}/discard", RESPOND),
          row("POST", INCIDENT + "/merge", RESPOND),
          row("POST", INCIDENT + "/split", RESPOND),
          row("GET", INCIDENT + "/export", READ),
          row("GET", INCIDENT + "/timeline", READ),
          row("GET", INCIDENT + "/timeline/verify", READ),
          row("POST", INCIDENT + "/annotations", RESPOND),
          row("POST", INCIDENT + "/analysis", ANALYSIS_WRITE),
          row("GET", INCIDENT + "/escalation", READ),
          row("GET", INCIDENT + "/postmortem", READ),
          row("PUT", INCIDENT + "/postmortem", RESPOND),
          row("GET", INCIDENT + "/postmortem/revisions", READ),
          row("POST", INCIDENT + "/postmortem/redraft", RESPOND),
          row("POST", INCIDENT + "/action-items", RESPOND),
          row("GET", "/api/v1/action-items", READ),
          row("PUT", "/api/v1/action-items/{id}", RESPOND),
          row("GET", "/api/v1/measures", READ),
          row("GET", "/api/v1/on-call", READ),
          row("GET", "/api/v1/notifications", READ),
          row("POST", "/api/v1/notifications/{id}/retry", RESPOND),
          row("POST", "/api/v1/notifications/{id}/drop", RESPOND),
          row("POST", "/api/v1/notifications/test", ADMIN),
          row("POST", "/api/v1/discord/interactions"),
          row("GET", "/api/v1/remediations", READ),
          row("POST", "/api/v1/remediations/{id}/approve", RESPOND),
          row("POST", "/api/v1/remediations/{id}/reject", RESPOND),
          row("GET", "/api/v1/muted", READ),
          row("GET", "/api/v1/silences", READ),
          row("GET", "/api/v1/silences/{id}", READ),
          row("POST", "/api/v1/silences", RESPOND),
          row("POST", "/api/v1/silences/preview", RESPOND),
          row("DELETE", "/api/v1/silences/{id}", RESPOND),
          row("GET", "/api/v1/maintenance-windows", READ),
          row("GET", "/api/v1/maintenance-windows/{id}", READ),
          row("POST", "/api/v1/maintenance-windows", RESPOND),
          row("POST", "/api/v1/maintenance-windows/preview", RESPOND),
          row("DELETE", "/api/v1/maintenance-windows/{id}", RESPOND),
          row("GET", "/api/v1/audit", ADMIN),
          row("GET", "/api/v1/audit/verify", ADMIN),
          row("GET", "/logs", RESPOND),
          row("GET", "/metrics", READ),
          row("GET", "/info", READ),
          row("GET", "/health"),
          row("GET", "/v3/api-docs", READ),
          row("GET", "/v3/api-docs.yaml", ADMIN),
          row("GET", "/problems/{slug}"));

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping handlers;

  static Stream<Row> table() {
    return TABLE.stream();
  }

  @Test
  void everyEndpointOfTheServiceHasARow() {
    var found = new TreeSet<String>();
    handlers
        .getHandlerMethods()
        .forEach((info, method) -> {
          // The page of errors is no endpoint: the server forwards to it.
          if (!method.getBeanType().getName().startsWith("dev.watchtower.")
              || info.getPatternValues().contains("/error")) {
            return;
          }
          for (var pattern : info.getPatternValues()) {
            var methods = info.getMethodsCondition().getMethods();
            assertThat(methods).as(pattern + " says which methods it takes").isNotEmpty();
            methods.stream().map(RequestMethod::name).forEach(m -> found.add(m + " " + pattern));
          }
        });

    var rows = TABLE.stream().map(Row::toString).toList();
    assertThat(found).as("the mappings were read").hasSizeGreaterThan(40);
    assertThat(rows).doesNotHaveDuplicates().containsAll(found);
  }

  @ParameterizedTest
  @MethodSource("table")
  void asksForTheScopeAndNothingLess(Row row) {
    if (row.isOpen()) {
      // Discord signs what it sends: without a signature it is refused by the endpoint itself.
      boolean signed = row.pattern().equals("/api/v1/discord/interactions");
      assertThat(call(nobody(), row)).isNotIn(signed ? 200 : 401, 403, 500);
      return;
    }
    assertThat(call(nobody(), row)).isEqualTo(401);
    for (var role : Role.values()) {
      int status = call(as(role.name(), role.scopes), row);
      if (row.allows(role)) {
        assertThat(status).as("%s may", role).isNotIn(401, 403, 405, 500);
      } else {
        assertThat(status).as("%s may not", role).isEqualTo(403);
      }
    }
    var others = new ArrayList<>(EnumSet.of(INGEST_WRITE, CHAOS, SIGNALS_WRITE));
    others.removeAll(row.anyOf());
    assertThat(call(as("machine", others.toArray(Scope[]::new)), row)).isEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("table")
  void eachOfTheScopesIsEnough(Row row) {
    for (var scope : row.anyOf()) {
      var api = scope == ANALYSIS_WRITE ? asService("analysis", scope) : as("ann", scope);
      assertThat(call(api, row)).as("with %s", scope).isNotIn(401, 403, 405, 500);
    }
  }

  private static int call(Api api, Row row) {
    var path = row.path();
    return switch (row.method()) {
      case "GET" -> api.text(path, "*/*").statusCode();
      case "PUT" -> api.put(path, "{}").status();
      case "DELETE" -> api.delete(path).status();
      default -> api.post(path, "{}").status();
    };
  }
}
