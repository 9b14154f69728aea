package dev.watchtower.monitor.statuspage.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.statuspage.Indicator;
import dev.watchtower.monitor.statuspage.PublicIncident;
import dev.watchtower.monitor.statuspage.PublicMaintenance;
import dev.watchtower.monitor.statuspage.PublicMaintenance.Status;
import dev.watchtower.monitor.statuspage.PublicStatus;
import dev.watchtower.monitor.statuspage.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusJsonTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private static PublicMaintenance work(Status status, Instant from) {
    return new PublicMaintenance(
        UUID.randomUUID(), status, List.of("Checkout"), from, from.plusSeconds(60), from);
  }

  private static Map<String, Map<String, Object>> documents(
      List<PublicIncident> incidents, List<PublicMaintenance> work) {
    var report =
        new StatusReport(
            "Status",
            "",
            Indicator.NONE,
            "All Systems Operational",
            List.of(),
            List.of(),
            incidents,
            work,
            LocalDate.parse("2026-03-02"),
            null,
            false);
    return new StatusJson(report, AT, "http://x").documents();
  }

  private static List<?> list(
      Map<String, Map<String, Object>> documents, String document, String name) {
    return (List<?>)
        Objects.requireNonNull(Objects.requireNonNull(documents.get(document)).get(name));
  }

  private static String shortlink(Object one) {
    return String.valueOf(((Map<?, ?>) one).get("shortlink"));
  }

  @Test
  void givesTheNewestFiftyOfAllPlannedWorkAndAllThatIsAhead() {
    var work =
        IntStream.range(0, 60)
            .mapToObj(i -> work(Status.SCHEDULED, AT.plus(Duration.ofHours(i))))
            .toList();
    var documents = documents(List.of(), work);

    var newest = list(documents, "scheduled-maintenances.json", "scheduled_maintenances");
    assertThat(newest).hasSize(50);
    assertThat(shortlink(newest.getFirst())).endsWith("#m-" + work.getLast().id());
    assertThat(list(documents, "scheduled-maintenances/upcoming.json", "scheduled_maintenances"))
        .hasSize(60);
    assertThat(list(documents, "summary.json", "scheduled_maintenances")).hasSize(60);
  }

  @Test
  void leadsToWhereSomethingStands() {
    var began = Instant.parse("2025-11-30T23:00:00Z");
    var old =
        new PublicIncident(
            UUID.randomUUID(),
            "Checkout",
            Indicator.MAJOR,
            PublicStatus.RESOLVED,
            List.of("Checkout"),
            Set.of("checkout"),
            true,
            began,
            began.plusSeconds(60),
            null,
            began.plusSeconds(60),
            List.of(
                new PublicIncident.Update(UUID.randomUUID(), PublicStatus.RESOLVED, "x", began)));
    var over = work(Status.COMPLETED, AT.minusSeconds(600));
    var ahead = work(Status.SCHEDULED, AT.plusSeconds(600));
    var documents = documents(List.of(old), List.of(over, ahead));

    assertThat(list(documents, "incidents.json", "incidents"))
        .extracting(StatusJsonTest::shortlink)
        .containsExactly("http://x/status/history?month=2025-11#i-" + old.id());
    assertThat(list(documents, "scheduled-maintenances.json", "scheduled_maintenances"))
        .extracting(StatusJsonTest::shortlink)
        .containsExactly("http://x/status#m-" + ahead.id(), "http://x/status");
  }
}
