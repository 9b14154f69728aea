package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.Browser;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.uptime.Condition;
import dev.watchtower.monitor.uptime.Credit;
import dev.watchtower.monitor.uptime.Shares;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class StatusPageIT extends RunningMonitor {
  private static final UUID ID = UUID.randomUUID();

  @Autowired private StatusBoard board;
  @Autowired private UptimeHistory uptime;
  @Autowired private Clock clock;

  @AfterEach
  void theShopIsUpAgain() {
    SHOP.up();
    soon().until(() -> overall(), "All Systems Operational"::equals);
  }

  private String overall() {
    return browser().json("/api/v2/status.json").path("status").path("description").asString();
  }

  static IncidentView incident(IncidentState state, long version) {
    var at = Instant.parse("2026-03-02T10:00:00Z");
    return new IncidentView(
        ID,
        41,
        "inside title",
        state,
        Severity.SEV2,
        "checkout",
        "prod",
        version,
        at,
        null,
        state == IncidentState.RESOLVED ? at.plusSeconds(60) : null,
        state == IncidentState.RESOLVED ? at.plusSeconds(90) : null,
        null,
        List.of(IncidentEvent.ACKNOWLEDGE),
        List.of(),
        null);
  }

  static void publish(IncidentView incident) {
    INCIDENT.publish("/topic/incidents", seq -> Map.of("seq", seq, "incident", incident));
  }

  @Test
  void tellsTheTruthWithinASecondWhenTheShopDies() {
    soon().until(this::overall, "All Systems Operational"::equals);

    SHOP.down();

    soon().until(this::overall, "Major Service Outage"::equals);
    var page = browser().page("/status").body();
    assertThat(page)
        .contains("Major Service Outage")
        .contains("How uptime is computed")
        .contains("Storefront")
        .doesNotContain("<script");
    assertThat(browser().get("/status/badge.svg").body()).contains("Major Service Outage");
  }

  @Test
  void showsAnIncidentFromItsOpeningToItsEnd() {
    soon().until(this::overall, "All Systems Operational"::equals);
    soon()
        .untilAsserted(() -> {
          publish(incident(IncidentState.OPEN, 1));
          assertThat(overall()).isEqualTo("Partial System Outage");
        });
    var summary = browser().json("/api/v2/summary.json");
    var one = summary.path("incidents").path(0);
    assertThat(one.path("status").asString()).isEqualTo("investigating");
    assertThat(one.path("impact").asString()).isEqualTo("major");
    assertThat(browser().page("/status").body())
        .contains("Checkout: degraded service")
        .doesNotContain("inside title");

    publish(incident(IncidentState.RESOLVED, 5));
    soon().until(this::overall, "All Systems Operational"::equals);
    assertThat(browser().json("/api/v2/incidents/unresolved.json").path("incidents")).isEmpty();
    var past = browser().json("/api/v2/incidents.json").path("incidents").path(0);
    assertThat(past.path("resolved_at").asString()).isEqualTo("2026-03-02T10:01:30.000Z");
    assertThat(past.path("incident_updates").path(0).path("status").asString())
        .isEqualTo("resolved");
    assertThat(browser().get("/status/feed.atom").body())
        .contains("urn:uuid:" + ID)
        .contains("(Resolved)");
    assertThat(browser().get("/status/feed.rss").body()).contains("<rss version=\"2.0\">");
    assertThat(browser().page("/status/history?month=2026-03").body())
        .contains("Checkout: degraded service");
  }

  @Test
  void tellsOfOutagesOlderThanTheBarsInTheHistory() {
    var at = clock.instant().minus(Duration.ofDays(200));
    var outage = Shares.of(Condition.DOWN, Duration.ofMinutes(17).toMillis());
    uptime.add(List.of(new Credit("component:Checkout", at, outage)));
    var month = YearMonth.from(UptimeHistory.dayOf(at));

    assertThat(browser().page("/status/history?month=" + month).body())
        .contains("Checkout: 17 min of outage");
  }

  @Test
  void servesTheFieldsOfTheStatuspageApiToAnyPage() {
    var answer = browser().get("/api/v2/summary.json");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    var summary = Browser.json(answer);
    assertThat(names(summary))
        .containsExactlyInAnyOrder(
            "page", "status", "components", "incidents", "scheduled_maintenances");
    assertThat(names(summary.path("page")))
        .containsExactlyInAnyOrder("id", "name", "url", "time_zone", "updated_at");
    assertThat(names(summary.path("components").path(0)))
        .containsExactlyInAnyOrder(
            "id",
            "name",
            "status",
            "created_at",
            "updated_at",
            "position",
            "description",
            "showcase",
            "start_date",
            "group_id",
            "page_id",
            "group",
            "only_show_if_degraded");
    for (var path :
        List.of(
            "status",
            "components",
            "incidents",
            "incidents/unresolved",
            "scheduled-maintenances",
            "scheduled-maintenances/upcoming",
            "scheduled-maintenances/active")) {
      assertThat(browser().get("/api/v2/" + path + ".json").statusCode()).as(path).isEqualTo(200);
    }
    assertThat(browser().get("/api/v2/nothing.json").statusCode()).isEqualTo(404);
    assertThat(browser().get("/status/history?month=x").statusCode()).isEqualTo(400);
    assertThat(browser().get("/status/history?month=1999-01").statusCode()).isEqualTo(404);
  }

  @Test
  void answersFromMemoryWhileEverythingBehindItIsDown() {
    var admin = admin();
    List.of(INGEST, ANALYSIS, CHAOS, SHOP).forEach(p -> p.down());
    try {
      soon().until(() -> state(admin, "ingest-service"), "DOWN"::equals);
      soon().until(() -> state(admin, "analysis-service"), "DOWN"::equals);
      for (var path :
          List.of(
              "/status",
              "/api/v2/summary.json",
              "/bff/overview",
              "/bff/health",
              "/slo",
              "/incidents",
              "/uptime-history")) {
        var slowest = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
          long from = System.nanoTime();
          assertThat(admin.get(path).statusCode()).as(path).isEqualTo(200);
          var took = Duration.ofNanos(System.nanoTime() - from);
          slowest = took.compareTo(slowest) > 0 && i > 0 ? took : slowest;
        }
        assertThat(slowest).as(path).isLessThan(Duration.ofMillis(300));
      }
      var overview = admin.json("/bff/overview");
      assertThat(overview.path("signalsStale").asBoolean()).isTrue();
      assertThat(overview.path("services")).hasSize(4);
      assertThat(overview.path("rules").path(0).path("threshold").isNumber()).isTrue();
    } finally {
      List.of(INGEST, ANALYSIS, CHAOS, SHOP).forEach(p -> p.up());
    }
  }

  @Test
  void countsUptimeOfProbesAndComponents() {
    soon()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> {
          var subjects = admin().json("/uptime-history?days=2").path("subjects");
          assertThat(subjects.valueStream())
              .anyMatch(s ->
                  s.path("name").asString().equals("Checkout")
                      && s.path("kind").asString().equals("component")
                      && s.path("days").path(0).path("upSeconds").asLong() > 0)
              .anyMatch(s ->
                  s.path("name").asString().equals("postgresql") && s.path("uptime").isNumber());
        });
    assertThat(admin().get("/uptime-history?days=0").statusCode()).isEqualTo(400);
  }

  private static List<String> names(JsonNode node) {
    return new ArrayList<>(node.propertyNames());
  }
}
