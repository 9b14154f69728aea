package dev.watchtower.monitor.fallback.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.StubPeer;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class DiscordDeskIT extends RunningMonitor {
  @Autowired private DiscordQueue queue;
  @Autowired private Outages outages;
  @Autowired private CatalogSource catalog;
  @Autowired private DiscordDesk running;
  @Autowired private JdbcClient db;

  private final MutableClock clock = new MutableClock(Instant.parse("2026-03-02T10:00:00Z"));
  private final List<DiscordDesk> desks = new ArrayList<>();
  private final List<UUID> told = new ArrayList<>();

  @BeforeEach
  void onlyTheTestSends() {
    soon().until(() -> running.states().isEmpty());
    running.stop();
    DISCORD.received().clear();
  }

  @AfterEach
  void everythingIsAsBefore() {
    writable(true);
    desks.forEach(DiscordDesk::stop);
    DISCORD.answer(_ -> StubPeer.Reply.ok("{\"id\":\"900\"}"));
    for (var id : told) {
      outages.firingDone(id, false);
      outages.clear(id, clock.instant());
      outages.clearedDone(id);
    }
    running.start();
    soon().until(() -> running.states().isEmpty());
  }

  private void writable(boolean yes) {
    db.sql("pragma query_only = " + (yes ? "off" : "on")).update();
  }

  private DiscordDesk started() {
    return started(catalog);
  }

  private DiscordDesk started(CatalogSource source) {
    var webhook = new DiscordWebhook(JsonMapper.builder().build());
    var desk = new DiscordDesk(queue, outages, source, webhook, "http://watch.example", clock);
    desks.add(desk);
    desk.start();
    return desk;
  }

  private UUID tell(String channel) {
    return tell(channel, "prod");
  }

  private UUID tell(String channel, String env) {
    var id = UUID.randomUUID();
    var now = clock.instant();
    outages.open(
        new Outage(
            id,
            "probe-" + id,
            "checkout",
            env,
            Severity.SEV2,
            "connection refused",
            now,
            now,
            null,
            Outage.Route.PENDING,
            UUID.randomUUID(),
            UUID.randomUUID(),
            false,
            false));
    told.add(id);
    outages.tellDiscord(id, List.of(channel), now);
    return id;
  }

  @Test
  void triesABrokenWebhookAgainAfterAStartAndOnceAnHour() {
    DISCORD.answer(_ -> new StubPeer.Reply(404, "{\"code\":10015}", null));
    tell("discord");
    var first = started();
    soon().until(() -> first.states().stream().allMatch(DiscordDesk.ChannelState::broken));
    assertThat(first.states().getFirst().lastError()).contains("404");
    first.stop();
    assertThat(DISCORD.received()).hasSize(1);

    var second = started();
    soon().until(() -> DISCORD.received().size() == 2);
    // Before, the hour would begin when the clock has moved on.
    soon().until(() -> queue.head("discord").orElseThrow().attempt() == 2);
    DISCORD.answer(_ -> StubPeer.Reply.ok("{\"id\":\"901\"}"));
    clock.advance(Duration.ofMinutes(59));
    second.wake();
    tell("discord");
    second.wake();
    assertThat(second.states().getFirst().waiting()).isEqualTo(2);

    clock.advance(Duration.ofMinutes(2));
    second.wake();

    soon().until(() -> second.states().isEmpty());
    assertThat(DISCORD.received()).hasSize(4);
    tell("discord");
    second.wake();
    soon().until(() -> DISCORD.received().size() == 5);
  }

  @Test
  void givesUpWhatWaitsForAChannelThatTheCatalogDoesNotHaveAnyMore() {
    outages.clear(tell("gone"), clock.instant());
    var desk = started();

    soon().until(() -> desk.states().isEmpty());
    assertThat(DISCORD.received()).isEmpty();
  }

  @Test
  void tellsOfAnOutageThatLastsInTheChannelsThatTheCatalogHasNow() {
    var id = tell("gone");
    var desk = started();

    soon().until(() -> desk.states().isEmpty() && DISCORD.received().size() == 1);
    assertThat(DISCORD.received().getFirst().body()).contains("checkout");

    outages.clear(id, clock.instant());
    desk.wake();
    soon().until(() -> DISCORD.received().size() == 3);
  }

  /** A catalog of its own with one channel, which takes what is in {@code prod}. */
  private static void write(Path file, String channel, String url) throws IOException {
    Files.writeString(
        file,
        """
        version: 1
        services: [{name: checkout, environments: [prod, lab]}]
        notifications:
          channels: [{name: %s, kind: discord, url: "%s"}]
          routes: [{channel: %s, environments: [prod]}]
        """
            .formatted(channel, url, channel));
  }

  private CatalogSource watched(Path file) {
    var source = new CatalogSource(file, new CatalogParser(_ -> null), clock);
    source.start();
    return source;
  }

  private static String address() {
    return DISCORD.url() + "/api/webhooks/1/abc";
  }

  @Test
  void aCardWaitsWhileNoChannelTakesItsOutageAndKeepsNoneBehindIt(@TempDir Path dir)
      throws Exception {
    var file = dir.resolve("watchtower.yaml");
    write(file, "other", address());
    tell("team", "lab");
    tell("team", "prod");
    var source = watched(file);
    try {
      var desk = started(source);
      soon().until(() -> DISCORD.received().size() == 1);
      soon().until(() -> desk.states().size() == 1 && desk.states().getFirst().waiting() == 1);
      assertThat(desk.states().getFirst().channel()).isEqualTo("team");

      write(file, "team", address());
      soon().until(() -> source.current().notifications().channel("team").isPresent());
      desk.wake();

      soon().until(() -> desk.states().isEmpty() && DISCORD.received().size() == 2);
    } finally {
      source.stop();
    }
  }

  @Test
  void sendsWhatIsDueByAClockThatWasPutBackSince() {
    tell("discord");
    clock.advance(Duration.ofHours(-2));

    var desk = started();

    soon().until(() -> desk.states().isEmpty() && DISCORD.received().size() == 1);
  }

  @Test
  void aCardThatWasGivenUpWaitsAgainWhenItsChannelIsBackUnderItsName(@TempDir Path dir)
      throws Exception {
    var file = dir.resolve("watchtower.yaml");
    write(file, "renamed", "");
    tell("team");
    var source = watched(file);
    try {
      var desk = started(source);
      soon()
          .until(() ->
              desk.states().stream()
                  .map(DiscordDesk.ChannelState::channel)
                  .toList()
                  .equals(List.of("renamed")));

      write(file, "team", address());
      soon().until(() -> source.current().notifications().channel("team").isPresent());
      desk.wake();

      soon().until(() -> desk.states().isEmpty() && DISCORD.received().size() == 1);
    } finally {
      source.stop();
    }
  }

  @Test
  void sendsNothingWhoseSendingCouldNotBeStored() {
    tell("discord");
    writable(false);

    var desk = started();
    soon()
        .during(Duration.ofSeconds(1))
        .until(() -> {
          desk.wake();
          return DISCORD.received().isEmpty();
        });

    writable(true);
    desk.wake();
    soon().until(() -> desk.states().isEmpty());
    assertThat(DISCORD.received()).hasSize(1);
  }

  @Test
  void sendsNothingTwiceWhenTheFileBecomesUnwritableMeanwhile() {
    tell("discord");
    DISCORD.answer(_ -> {
      writable(false);
      return StubPeer.Reply.ok("{\"id\":\"902\"}");
    });

    var desk = started();
    soon().until(() -> DISCORD.received().size() == 1);
    soon()
        .during(Duration.ofSeconds(1))
        .until(() -> {
          desk.wake();
          return DISCORD.received().size() == 1;
        });
    assertThat(desk.states()).hasSize(1);

    writable(true);
    soon()
        .until(() -> {
          desk.wake();
          return desk.states().isEmpty();
        });
    assertThat(DISCORD.received()).hasSize(1);
  }

  @Test
  void waitsAsLongAsDiscordSaysAlsoWhereThatCouldNotBeStored() {
    tell("discord");
    DISCORD.answer(_ -> {
      writable(false);
      return new StubPeer.Reply(429, "{\"retry_after\":60,\"global\":false}", "60");
    });

    var desk = started();
    soon().until(() -> DISCORD.received().size() == 1);
    DISCORD.answer(_ -> StubPeer.Reply.ok("{\"id\":\"903\"}"));
    soon()
        .until(() -> {
          writable(true);
          desk.wake();
          return desk.states().getFirst().lastError() != null;
        });
    assertThat(queue.head("discord").orElseThrow().attempt()).isOne();
    assertThat(DISCORD.received()).hasSize(1);

    clock.advance(Duration.ofMinutes(2));
    desk.wake();
    soon().until(() -> desk.states().isEmpty() && DISCORD.received().size() == 2);
  }
}
