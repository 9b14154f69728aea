package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.monitor.Incidents;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.uptime.Condition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class PlannedWorkIT extends RunningMonitor {
  @Autowired private StatusBoard board;

  @AfterEach
  void everythingIsAsBefore() {
    SHOP.up();
    INCIDENT_STATE.windows.clear();
    soon().until(() -> works("scheduled-maintenances").isEmpty());
    soon().until(() -> overall(), "All Systems Operational"::equals);
  }

  private String overall() {
    return browser().json("/api/v2/status.json").path("status").path("description").asString();
  }

  private static IncidentView about(UUID id, String service, IncidentState state, long version) {
    return Incidents.about(service, id, 43, state, version);
  }

  private static void publish(IncidentView incident) {
    INCIDENT.publish("/topic/incidents", seq -> Map.of("seq", seq, "incident", incident));
  }

  @Test
  void announcesPlannedWorkWithoutItsReasonAndForgetsWhatIsCalledOff() {
    INCIDENT_STATE.windows.add(window("2100-01-01T20:00:00Z", "2100-01-01T22:00:00Z"));
    INCIDENT_STATE.windows.add(window("2026-01-01T20:00:00Z", "2100-01-01T22:00:00Z"));
    soon()
        .untilAsserted(() ->
            assertThat(browser().page("/status").body())
                .contains("Maintenance of Checkout")
                .contains("1 Jan 2100, 20:00 UTC"));
    assertThat(browser().page("/status").body())
        .doesNotContain("secret reason")
        .doesNotContain("zora");
    var upcoming = works("scheduled-maintenances/upcoming");
    assertThat(upcoming).hasSize(1);
    assertThat(upcoming.path(0).path("status").asString()).isEqualTo("scheduled");
    assertThat(upcoming.path(0).path("scheduled_for").asString())
        .isEqualTo("2100-01-01T20:00:00.000Z");
    assertThat(upcoming.path(0).path("components").path(0).path("name").asString())
        .isEqualTo("Checkout");
    assertThat(works("scheduled-maintenances/active").path(0).path("status").asString())
        .isEqualTo("in_progress");
    assertThat(overall()).isEqualTo("Service Under Maintenance");
    var summary = browser().json("/api/v2/summary.json");
    assertThat(summary.path("status").path("indicator").asString()).isEqualTo("maintenance");
    assertThat(component(summary, "Checkout")).isEqualTo("under_maintenance");
    assertThat(component(summary, "Storefront")).isEqualTo("operational");
    assertThat(board.conditions())
        .containsEntry("component:Checkout", Condition.UNKNOWN)
        .containsEntry("component:Storefront", Condition.UP);
    SHOP.down();
    soon().until(this::overall, "Major Service Outage"::equals);
    assertThat(component(browser().json("/api/v2/summary.json"), "Checkout"))
        .as("what is planned is no outage")
        .isEqualTo("under_maintenance");
    SHOP.up();
    var id = UUID.randomUUID();
    soon()
        .untilAsserted(() -> {
          publish(about(id, "checkout", IncidentState.OPEN, 1));
          assertThat(browser().json("/api/v2/incidents/unresolved.json").toString())
              .contains(id.toString());
        });
    soon().until(this::overall, "Service Under Maintenance"::equals);
    assertThat(board.conditions())
        .as("nor is the incident that it opens, also in the uptime")
        .containsEntry("component:Checkout", Condition.UNKNOWN);
    publish(about(id, "checkout", IncidentState.RESOLVED, 2));
    assertThat(works("scheduled-maintenances")).hasSize(2);
    assertThat(works("summary")).hasSize(2);
  }

  @Test
  void plannedWorkThatTakesDownPartOfAComponentHidesNoOutageOfTheRest() {
    var narrow = new HashMap<>(window("2026-01-01T20:00:00Z", "2100-01-01T22:00:00Z"));
    for (var matchers :
        List.of(
            Map.of("services", List.of("checkout"), "rules", List.of("slow-checkout")),
            Map.of("services", List.of("checkout"), "severities", List.of("SEV3")),
            Map.of("environments", List.of("prod"), "labels", Map.of("zone", "b")))) {
      narrow.put("id", UUID.randomUUID().toString());
      narrow.put("matchers", matchers);
      INCIDENT_STATE.windows.add(Map.copyOf(narrow));
    }
    var id = UUID.randomUUID();
    INCIDENT_STATE.windows.add(window("2100-01-01T20:00:00Z", "2100-01-01T22:00:00Z"));
    // The last of them has been read, so the others have been too.
    soon().until(() -> works("scheduled-maintenances").size() == 1);
    soon()
        .untilAsserted(() -> {
          publish(about(id, "checkout", IncidentState.OPEN, 1));
          assertThat(overall()).isEqualTo("Partial System Outage");
        });
    assertThat(board.conditions()).containsEntry("component:Checkout", Condition.DOWN);
    publish(about(id, "checkout", IncidentState.RESOLVED, 2));
  }

  @Test
  void announcesPlannedWorkHoweverManyWindowsCameAfterIt() {
    // As incident-service lists them: the newest first.
    for (int i = 0; i < 210; i++) {
      INCIDENT_STATE.windows.add(
          Map.of(
              "id",
              UUID.randomUUID().toString(),
              "matchers",
              Map.of("services", List.of("nothing-of-ours")),
              "startsAt",
              "2026-01-01T20:00:00Z",
              "endsAt",
              "2026-01-01T22:00:00Z",
              "endedAt",
              "2026-01-01T21:00:00Z"));
    }
    INCIDENT_STATE.windows.add(window("2100-01-01T20:00:00Z", "2100-01-01T22:00:00Z"));
    soon().until(() -> works("scheduled-maintenances/upcoming").size() == 1);
  }

  private static String component(JsonNode summary, String name) {
    return summary
        .path("components")
        .valueStream()
        .filter(c -> c.path("name").asString().equals(name))
        .map(c -> c.path("status").asString())
        .findFirst()
        .orElseThrow();
  }

  private JsonNode works(String document) {
    return browser().json("/api/v2/" + document + ".json").path("scheduled_maintenances");
  }

  private static Map<String, Object> window(String from, String to) {
    return Map.of(
        "id",
        UUID.randomUUID().toString(),
        "state",
        "ACTIVE",
        "matchers",
        Map.of("services", List.of("checkout"), "environments", List.of("prod")),
        "author",
        "zora",
        "reason",
        "secret reason",
        "startsAt",
        from,
        "endsAt",
        to,
        "createdAt",
        "2026-01-01T00:00:00Z");
  }
}
