package dev.watchtower.monitor.fallback.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.fallback.SignalSender;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OutageDeskIT extends RunningMonitor {
  @Autowired private Outages outages;
  @Autowired private SignalSender sender;
  @Autowired private DiscordDesk discord;
  @Autowired private Clock clock;

  @Test
  void endsTheOutageOfAProbeThatWasTakenOutWhileTheServiceWasStopped() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
    var now = clock.instant();
    var left =
        new Outage(
            UUID.randomUUID(),
            "gone-probe",
            "gone-probe",
            "prod",
            Severity.SEV2,
            "connection refused",
            now,
            now,
            null,
            Outage.Route.INCIDENT,
            UUID.randomUUID(),
            UUID.randomUUID(),
            true,
            false);
    outages.open(left);
    var desk =
        new OutageDesk(outages, sender, discord, UUID::randomUUID, () -> Set.of("checkout"), clock);

    desk.start();
    try {
      soon()
          .untilAsserted(() ->
              assertThat(INCIDENT_STATE.signals)
                  .filteredOn(s -> s.service().equals("gone-probe"))
                  .extracting(Signal::status)
                  .contains(SignalStatus.CLEARED));
      soon().until(() -> outages.unfinished().isEmpty());
    } finally {
      desk.stop();
    }
  }
}
