package dev.watchtower.monitor.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlannedWorkTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  private static Outage outage(String service, String env) {
    return new Outage(
        UUID.randomUUID(),
        service,
        service,
        env,
        Severity.SEV1,
        "connection refused",
        NOW,
        NOW,
        null,
        Outage.Route.PENDING,
        UUID.randomUUID(),
        UUID.randomUUID(),
        false,
        false);
  }

  private static List<MaintenanceWindow> window(List<String> services, List<String> environments) {
    return List.of(
        new MaintenanceWindow(
            UUID.randomUUID(),
            services,
            environments,
            false,
            null,
            null,
            List.of(),
            NOW.minusSeconds(60),
            NOW.plusSeconds(60),
            null,
            NOW.minusSeconds(600)));
  }

  @Test
  void coversWhatTheWindowTouchesWhileItIsInForce() {
    var checkout = outage("checkout", "prod");
    var windows = window(List.of("check*"), List.of("prod"));

    assertThat(PlannedWork.covers(windows, checkout, NOW)).isTrue();
    assertThat(PlannedWork.covers(windows, checkout, NOW.plusSeconds(60))).isFalse();
    assertThat(PlannedWork.covers(windows, outage("storefront", "prod"), NOW)).isFalse();
    assertThat(PlannedWork.covers(window(List.of(), List.of()), checkout, NOW)).isTrue();
  }

  @Test
  void coversWatchtowersOwnPartsOnlyWhereTheWindowNamesThem() {
    var own = outage("incident-service", "watchtower");

    assertThat(PlannedWork.covers(window(List.of(), List.of()), own, NOW)).isFalse();
    assertThat(PlannedWork.covers(window(List.of("*"), List.of("*")), own, NOW)).isFalse();
    assertThat(PlannedWork.covers(window(List.of("incident-service"), List.of()), own, NOW))
        .isTrue();
    assertThat(PlannedWork.covers(window(List.of(), List.of("watchtower")), own, NOW)).isTrue();
  }
}
