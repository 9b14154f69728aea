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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OutageDeskIT extends RunningMonitor {
  @Autowired private Outages outages;
  @Autowired private SignalSender sender;
  @Autowired private DiscordDesk discord;
  @Autowired private Clock clock;

  private OutageDesk desk(Set<String> watched, BooleanSupplier planned) {
    return new OutageDesk(
        outages,
        sender,
        discord,
        UUID::randomUUID,
        () -> watched,
        (_, _) -> planned.getAsBoolean(),
        clock);
  }

  private static Outage outage(
      String target, Instant firedAt, Outage.Route route, boolean firingDone) {
    return new Outage(
        UUID.randomUUID(),
        target,
        target,
        "prod",
        Severity.SEV2,
        "connection refused",
        firedAt,
        firedAt,
        null,
        route,
        UUID.randomUUID(),
        UUID.randomUUID(),
        firingDone,
        false);
  }

  private static List<SignalStatus> signals(String service) {
    return INCIDENT_STATE.signals.stream()
        .filter(s -> s.service().equals(service))
        .map(Signal::status)
        .toList();
  }

  private static long discord(String word) {
    return DISCORD.received().stream().filter(g -> g.body().contains(word)).count();
  }

  @Test
  void tellsDiscordOfPlannedWorkOnlyOnceTheWindowIsOver() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
    var planned = new AtomicBoolean(true);
    outages.open(
        outage("planned-probe", clock.instant().minusSeconds(60), Outage.Route.PENDING, false));
    var desk = desk(Set.of("planned-probe"), planned::get);

    desk.start();
    try {
      // incident-service hears of it late, and does not tell what it is told late.
      soon().until(() -> signals("planned-probe").contains(SignalStatus.FIRING));
      soon().until(() -> outages.unfinished().stream().anyMatch(Outage::firingDone));
      assertThat(discord("planned-probe is down")).isZero();

      planned.set(false);
      soon().until(() -> discord("planned-probe is down") == 1);
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> outages.unfinished().isEmpty());
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsNobodyOfWhatWasOverWithinTheWindow() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
    outages.open(
        outage("short-probe", clock.instant().minusSeconds(60), Outage.Route.PENDING, false));
    var desk = desk(Set.of(), () -> true);

    desk.start();
    try {
      soon()
          .untilAsserted(() ->
              assertThat(signals("short-probe"))
                  .contains(SignalStatus.FIRING, SignalStatus.CLEARED));
      soon().until(() -> outages.unfinished().isEmpty());
      assertThat(discord("short-probe")).isZero();
    } finally {
      desk.stop();
    }
  }

  @Test
  void endsTheOutageOfAProbeThatWasTakenOutWhileTheServiceWasStopped() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
    outages.open(outage("gone-probe", clock.instant(), Outage.Route.INCIDENT, true));
    var desk = desk(Set.of("checkout"), () -> false);

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
