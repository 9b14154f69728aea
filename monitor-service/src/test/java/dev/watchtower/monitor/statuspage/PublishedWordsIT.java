package dev.watchtower.monitor.statuspage;

import static dev.watchtower.monitor.uptime.Condition.DOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.monitor.RunningMonitor;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.TaskScheduler;

/** What people published of an incident, as the status page shows it. */
class PublishedWordsIT extends RunningMonitor {
  @Autowired private StatusBoard board;
  @Autowired private TaskScheduler scheduler;

  @Test
  void showsExactlyTheWordsThatPeoplePublishedAndNothingThatIsNot() {
    var id = UUID.randomUUID();
    var told = update(20, "identified", "Orders fail; we are rolling back.", State.PUBLISHED);
    var draft = update(25, "monitoring", "words that wait", State.DRAFT);
    soon()
        .untilAsserted(() -> {
          StatusPageIT.publish(saying(id, IncidentState.INVESTIGATING, 1, List.of(told, draft)));
          assertThat(browser().page("/status").body())
              .contains("Orders fail; we are rolling back.");
        });
    assertThat(browser().page("/status").body())
        .doesNotContain("words that wait")
        .doesNotContain("inside title");
    var one = browser().json("/api/v2/incidents/unresolved.json").path("incidents").path(0);
    assertThat(one.path("incident_updates")).hasSize(1);
    assertThat(one.path("status").asString()).isEqualTo("identified");

    // A person says that it is over, after it is: the incident has no new version for that.
    StatusPageIT.publish(saying(id, IncidentState.RESOLVED, 2, List.of(told)));
    var over = update(120, "resolved", "Orders work again.", State.PUBLISHED);
    StatusPageIT.publish(saying(id, IncidentState.RESOLVED, 2, List.of(told, over)));
    soon()
        .untilAsserted(() ->
            assertThat(browser().json("/api/v2/incidents.json").toString())
                .contains("Orders work again."));
    assertThat(browser().json("/api/v2/incidents/unresolved.json").path("incidents")).isEmpty();
  }

  @Test
  void keepsThePageCurrentWhileOtherTasksHangWithTheirPeersOrTheStore() {
    var release = new CountDownLatch(1);
    var hanging = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      scheduler.schedule(
          () -> {
            hanging.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          },
          Instant.EPOCH);
    }
    var id = UUID.randomUUID();
    try {
      soon().until(() -> hanging.getCount() == 0);
      var told = update(20, "identified", "Told while tasks hang.", State.PUBLISHED);
      soon()
          .untilAsserted(() -> {
            StatusPageIT.publish(saying(id, IncidentState.INVESTIGATING, 1, List.of(told)));
            assertThat(browser().page("/status").body()).contains("Told while tasks hang.");
          });
    } finally {
      release.countDown();
      StatusPageIT.publish(
          saying(
              id,
              IncidentState.RESOLVED,
              2,
              List.of(update(120, "resolved", "Over.", State.PUBLISHED))));
    }
    soon().until(() -> browser().page("/status").body().contains("All Systems Operational"));
  }

  @Test
  void showsWhatPeoplePublishedOfAnIncidentThatTouchesNoComponent() {
    var told = update(20, "identified", "Mails are late.", State.PUBLISHED);
    var id = UUID.randomUUID();
    soon()
        .untilAsserted(() -> {
          StatusPageIT.publish(saying(id, "cron", IncidentState.INVESTIGATING, 1, List.of(told)));
          assertThat(browser().page("/status").body())
              .contains("Service incident", "Mails are late.");
        });
    var status = browser().json("/api/v2/status.json").path("status");
    assertThat(status.path("indicator").asString()).isEqualTo("major");
    assertThat(status.path("description").asString()).isEqualTo("Partial System Outage");
    assertThat(browser().page("/status").body()).doesNotContain("All Systems Operational");
    assertThat(browser().get("/status/badge.svg").body()).contains("Partial System Outage");
    assertThat(board.conditions()).as("no component is any worse").doesNotContainValue(DOWN);
    var one = browser().json("/api/v2/incidents/unresolved.json").path("incidents").path(0);
    assertThat(one.path("name").asString()).isEqualTo("Service incident");
    assertThat(one.path("components")).isEmpty();

    var over = update(120, "resolved", "Mails are on time.", State.PUBLISHED);
    StatusPageIT.publish(saying(id, "cron", IncidentState.RESOLVED, 2, List.of(told, over)));
    soon()
        .untilAsserted(() ->
            assertThat(browser().json("/api/v2/incidents/unresolved.json").path("incidents"))
                .isEmpty());
    assertThat(browser().page("/status/history?month=2026-03").body())
        .contains("Mails are on time.");
    soon().until(() -> browser().page("/status").body().contains("All Systems Operational"));
  }

  private static IncidentView saying(
      UUID id, IncidentState state, long version, List<StatusUpdate> updates) {
    return saying(id, "checkout", state, version, updates);
  }

  private static IncidentView saying(
      UUID id, String service, IncidentState state, long version, List<StatusUpdate> updates) {
    var plain = StatusPageIT.incident(state, version);
    return new IncidentView(
        id,
        42,
        plain.title(),
        state,
        plain.severity(),
        service,
        plain.env(),
        version,
        plain.openedAt(),
        plain.acknowledgedAt(),
        plain.mitigatedAt(),
        plain.resolvedAt(),
        plain.assignee(),
        plain.allowedEvents(),
        plain.signals(),
        plain.recurrenceOf(),
        IncidentView.BY_RULE,
        List.of(),
        List.of(),
        false,
        updates,
        false);
  }

  private static StatusUpdate update(int second, String status, String body, State state) {
    var at = Instant.parse("2026-03-02T10:00:00Z").plusSeconds(second);
    return new StatusUpdate(
        UUID.randomUUID(), status, body, state, at, state == State.PUBLISHED ? at : null, "ann");
  }
}
