package dev.watchtower.monitor.statuspage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.RunningMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What is kept of many incidents; long before all that other tests tell. */
class PublicIncidentsIT extends RunningMonitor {
  private static final Instant BEGAN = Instant.parse("2020-01-01T10:00:00Z");
  private static final UUID LASTING = UUID.randomUUID();

  @Autowired private PublicHistory history;
  @Autowired private CatalogSource catalog;

  @AfterEach
  void nothingIsLeft() {
    history.save(told(LASTING, PublicStatus.RESOLVED, BEGAN));
    history.forget(BEGAN.plus(Duration.ofDays(1_000)));
  }

  private static PublicIncident told(UUID id, PublicStatus status, Instant at) {
    return new PublicIncident(
        id,
        "Checkout: degraded service",
        Indicator.MAJOR,
        status,
        List.of("Checkout"),
        Set.of("checkout"),
        status == PublicStatus.RESOLVED,
        at,
        at,
        null,
        status == PublicStatus.RESOLVED ? at : null,
        List.of(new PublicIncident.Update(UUID.randomUUID(), status, "x", at)));
  }

  private static IncidentView opened(Instant at) {
    return new IncidentView(
        UUID.randomUUID(),
        44,
        "inside title",
        IncidentState.OPEN,
        Severity.SEV2,
        "checkout",
        "prod",
        1,
        at,
        null,
        null,
        null,
        null,
        List.of(IncidentEvent.ACKNOWLEDGE),
        List.of(),
        null);
  }

  @Test
  void anIncidentThatLastsStaysHoweverManyHaveComeAndGoneSince() {
    history.save(told(LASTING, PublicStatus.IDENTIFIED, BEGAN));
    var at = BEGAN.plus(Duration.ofDays(500));
    for (int i = 0; i < PublicIncidents.KEPT; i++) {
      history.save(told(UUID.randomUUID(), PublicStatus.RESOLVED, at.plusSeconds(i)));
    }
    history.forget(BEGAN.plus(Duration.ofDays(400)));

    var incidents = new PublicIncidents(history, catalog::current, at.plus(Duration.ofDays(100)));

    assertThat(incidents.all()).hasSize(PublicIncidents.KEPT);
    assertThat(incidents.unresolved())
        .as("after a start")
        .extracting(PublicIncident::id)
        .containsExactly(LASTING);
    assertThat(incidents.unresolved().getFirst().updates()).hasSize(1);

    incidents.take(opened(at.plus(Duration.ofDays(50))), at.plus(Duration.ofDays(50)));

    assertThat(incidents.all()).hasSize(PublicIncidents.KEPT);
    assertThat(incidents.unresolved())
        .as("and when another comes")
        .hasSize(2)
        .extracting(PublicIncident::id)
        .contains(LASTING);
  }
}
