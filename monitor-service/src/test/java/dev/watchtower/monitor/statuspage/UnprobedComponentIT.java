package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.monitor.Incidents;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.uptime.Condition;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A component of which nothing is known but its incidents. */
class UnprobedComponentIT extends RunningMonitor {
  private static final String SUBJECT = "component:Payroll";

  @Autowired private StatusBoard board;
  @Autowired private LastKnown known;
  @Autowired private Clock clock;

  @BeforeEach
  @AfterEach
  void allIsWell() {
    soon().until(() -> overall(), "All Systems Operational"::equals);
  }

  private String overall() {
    return browser().json("/api/v2/status.json").path("status").path("description").asString();
  }

  private StatusReport.Component payroll() {
    return board.report(clock.instant()).components().stream()
        .filter(c -> c.name().equals("Payroll"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void isUpButForItsIncidents() {
    var id = UUID.randomUUID();
    assertThat(board.conditions()).containsEntry(SUBJECT, Condition.UP);
    assertThat(payroll().status()).isEqualTo(ComponentStatus.OPERATIONAL);

    publish(id, IncidentState.OPEN, 1);
    soon().until(() -> payroll().status(), ComponentStatus.PARTIAL_OUTAGE::equals);
    assertThat(board.conditions()).containsEntry(SUBJECT, Condition.DOWN);
    soon().until(this::overall, "Partial System Outage"::equals);

    publish(id, IncidentState.RESOLVED, 2);
    soon().until(() -> payroll().status(), ComponentStatus.OPERATIONAL::equals);
    assertThat(board.conditions()).containsEntry(SUBJECT, Condition.UP);
    soon().until(this::overall, "All Systems Operational"::equals);
    assertThat(browser().page("/status").body()).doesNotContain("Checking");
  }

  @Test
  void isNotMeasuredWhileIncidentsAreNotHeardOf() {
    known.lost("incident", clock.instant());
    try {
      assertThat(board.conditions()).containsEntry(SUBJECT, Condition.UNKNOWN);
      assertThat(payroll().status()).isEqualTo(ComponentStatus.UNKNOWN);
      assertThat(board.conditions()).containsEntry("component:Checkout", Condition.UP);
    } finally {
      known.connected("incident", clock.instant());
    }
  }

  private static void publish(UUID id, IncidentState state, long version) {
    var incident = Incidents.about("payroll", id, 44, state, version);
    INCIDENT.publish("/topic/incidents", seq -> Map.of("seq", seq, "incident", incident));
  }
}
