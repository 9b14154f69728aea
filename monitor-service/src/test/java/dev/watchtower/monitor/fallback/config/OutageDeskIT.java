package dev.watchtower.monitor.fallback.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.fallback.RememberedOutages;
import dev.watchtower.monitor.fallback.SignalSender;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.probe.Check;
import dev.watchtower.monitor.probe.Damping;
import dev.watchtower.monitor.probe.HealthState;
import dev.watchtower.monitor.probe.Observed;
import dev.watchtower.monitor.probe.Target;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

class OutageDeskIT extends RunningMonitor {
  @Autowired private Outages outages;
  @Autowired private SignalSender sender;
  @Autowired private DiscordDesk discord;
  @Autowired private Clock clock;
  @Autowired private JdbcClient db;

  @BeforeEach
  void nothingIsLeftFromBefore() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
  }

  @AfterEach
  void everythingWorksAgain() {
    INCIDENT_STATE.signalStatus = 202;
    writable(true);
    readable(true);
  }

  /** A file that is damaged here cannot be read there. */
  private void readable(boolean yes) {
    boolean is =
        db.sql("select count(*) from sqlite_master where name = 'outage'")
                .query(Integer.class)
                .single()
            == 1;
    if (is != yes) {
      db.sql(
              yes
                  ? "alter table unreadable rename to outage"
                  : "alter table outage rename to unreadable")
          .update();
    }
  }

  private void writable(boolean yes) {
    db.sql("pragma query_only = " + (yes ? "off" : "on")).update();
  }

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

  private static Target target(String name) {
    return new Target(
        name,
        Target.Kind.TARGET,
        name,
        "prod",
        Severity.SEV2,
        new Check.Tcp("127.0.0.1", 1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Damping(3, 2));
  }

  private static void down(OutageDesk desk, String name, Instant now) {
    desk.observed(
        target(name),
        Observed.unknown(now),
        Observed.restored(HealthState.DOWN, now, now, null, "connection refused"),
        now);
  }

  @Test
  void leavesToIncidentServiceHoweverLateWhatDiscordCannotBeTold() {
    var longAgo = clock.instant().minusSeconds(60);
    outages.open(outage("stored-probe", longAgo, Outage.Route.PENDING, false));
    var desk = desk(Set.of("stored-probe", "unstored-probe"), () -> false);
    INCIDENT_STATE.signalStatus = 503;
    writable(false);

    desk.start();
    try {
      down(desk, "unstored-probe", longAgo);
      soon().during(Duration.ofSeconds(2)).until(() -> signals("unstored-probe").isEmpty());
      INCIDENT_STATE.signalStatus = 202;

      for (var probe : List.of("stored-probe", "unstored-probe")) {
        soon().until(() -> signals(probe).equals(List.of(SignalStatus.FIRING)));
        assertThat(INCIDENT_STATE.signals)
            .filteredOn(s -> s.service().equals(probe))
            .extracting(Signal::deliverBy)
            .as("incident-service is to tell people, late as it is")
            .containsOnlyNulls();
      }

      writable(true);
      desk.writeAgain();
      assertThat(outages.unfinished())
          .hasSize(2)
          .allMatch(o -> o.route() == Outage.Route.INCIDENT && o.firingDone());
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> outages.unfinished().isEmpty());
      assertThat(signals("unstored-probe"))
          .containsExactly(SignalStatus.FIRING, SignalStatus.CLEARED);
      assertThat(discord("stored-probe is down")).isZero();
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsDiscordInTheEndWhatIncidentServiceMayHaveTakenTooLate() {
    var longAgo = clock.instant().minusSeconds(60);
    outages.open(outage("known-probe", longAgo, Outage.Route.PENDING, false));
    var desk = desk(Set.of("known-probe"), () -> false);
    INCIDENT_STATE.signalStatus = 200;
    writable(false);

    desk.start();
    try {
      soon().during(Duration.ofSeconds(2)).until(() -> discord("known-probe is down") == 0);
      writable(true);
      soon()
          .until(() -> {
            desk.writeAgain();
            return discord("known-probe is down") == 1;
          });
      INCIDENT_STATE.signalStatus = 202;
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> outages.unfinished().isEmpty());
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsIncidentServiceBeforeAStoreThatFailsSlowlyHasFailed() throws Exception {
    var desk = desk(Set.of("slow-probe"), () -> false);
    desk.start();
    try (var other =
            DriverManager.getConnection(
                "jdbc:sqlite:" + KEYS.dataDir().resolve("monitor").resolve("monitor.db"));
        var statement = other.createStatement()) {
      statement.execute("begin immediate");
      var probe = Thread.ofVirtual().start(() -> down(desk, "slow-probe", clock.instant()));

      // The store waits 5 s for the other writer.
      soon()
          .atMost(Duration.ofSeconds(4))
          .until(() -> signals("slow-probe").equals(List.of(SignalStatus.FIRING)));

      statement.execute("rollback");
      probe.join();
      soon().until(() -> outages.unfinished().stream().anyMatch(Outage::firingDone));
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> outages.unfinished().isEmpty());
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsTheEndOfWhatWasStoredBeforeItsFileCouldNotBeWritten() {
    var outage = outage("ended-probe", clock.instant(), Outage.Route.PENDING, true);
    outages.open(outage);
    outages.tellDiscord(outage.id(), List.of("discord"), clock.instant());
    discord.wake();
    soon().until(() -> discord("ended-probe is down") == 1 && discord.states().isEmpty());
    var desk = desk(Set.of("ended-probe"), () -> false);

    desk.start();
    try {
      writable(false);
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> signals("ended-probe").equals(List.of(SignalStatus.CLEARED)));

      writable(true);
      soon()
          .until(() -> {
            desk.writeAgain();
            return outages.unfinished().isEmpty();
          });
      soon().until(() -> discord("ended-probe is up again") == 1);
      soon().until(() -> discord("again after") >= 1 && discord.states().isEmpty());
      assertThat(signals("ended-probe")).containsExactly(SignalStatus.CLEARED);
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsWhatWasStoredBeforeItsFileCouldNotEvenBeRead() {
    INCIDENT_STATE.signalStatus = 503;
    outages.open(outage("unread-probe", clock.instant(), Outage.Route.PENDING, false));
    var desk = desk(Set.of("unread-probe"), () -> false);

    desk.start();
    try {
      readable(false);
      INCIDENT_STATE.signalStatus = 202;
      soon().until(() -> signals("unread-probe").equals(List.of(SignalStatus.FIRING)));
      desk.watchOnly(Set.of(), clock.instant());
      soon()
          .until(() ->
              signals("unread-probe").equals(List.of(SignalStatus.FIRING, SignalStatus.CLEARED)));

      readable(true);
      soon()
          .until(() -> {
            desk.writeAgain();
            return outages.unfinished().isEmpty();
          });
    } finally {
      desk.stop();
    }
  }

  @Test
  void tellsDiscordNothingOfWhatWasTakenInTimeThoughThatCouldNotBeStored() {
    outages.open(outage("taken-probe", clock.instant(), Outage.Route.PENDING, false));
    var desk = desk(Set.of("taken-probe"), () -> false);
    writable(false);

    desk.start();
    try {
      soon().until(() -> signals("taken-probe").equals(List.of(SignalStatus.FIRING)));
      writable(true);
      soon()
          .until(() -> {
            desk.writeAgain();
            return outages.unfinished().getFirst().route() == Outage.Route.INCIDENT;
          });
      desk.watchOnly(Set.of(), clock.instant());
      soon().until(() -> outages.unfinished().isEmpty());
      assertThat(signals("taken-probe")).containsExactly(SignalStatus.FIRING, SignalStatus.CLEARED);
    } finally {
      desk.stop();
    }
  }

  @Test
  void storesTheEndOfAnOutageBeforeTheNextOfItsTarget() {
    var remembered = new RememberedOutages(outages);
    var now = clock.instant();
    var first = outage("flapping-probe", now, Outage.Route.INCIDENT, true);
    // By a clock that was put back meanwhile.
    var second = outage("flapping-probe", now.minusSeconds(60), Outage.Route.INCIDENT, true);
    outages.open(first);
    assertThat(remembered.unfinished()).hasSize(1);

    writable(false);
    remembered.clear(first.id(), now);
    remembered.clearedDone(first.id());
    remembered.open(second);
    assertThatThrownBy(remembered::write).isInstanceOf(DataAccessException.class);
    writable(true);

    assertThat(remembered.write()).isEqualTo(2);
    assertThat(outages.unfinished()).extracting(Outage::id).containsExactly(second.id());
    outages.clear(second.id(), now);
    outages.clearedDone(second.id());
  }
}
