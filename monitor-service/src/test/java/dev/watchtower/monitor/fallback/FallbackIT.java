package dev.watchtower.monitor.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.StubPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class FallbackIT extends RunningMonitor {
  @Autowired Outages outages;
  @Autowired JdbcClient db;

  @BeforeEach
  void nothingIsLeftFromBefore() {
    soon().atMost(Duration.ofSeconds(30)).until(() -> outages.unfinished().isEmpty());
    INCIDENT_STATE.signals.clear();
    DISCORD.received().clear();
  }

  @AfterEach
  void everythingIsUpAgain() {
    INCIDENT_STATE.signalStatus = 202;
    INCIDENT_STATE.ahead = Duration.ZERO;
    ANALYSIS.up();
    CHAOS.up();
    var admin = admin();
    soon()
        .untilAsserted(() -> {
          assertThat(state(admin, "analysis-service")).isEqualTo("UP");
          assertThat(state(admin, "chaos-service")).isEqualTo("UP");
        });
  }

  private static List<Signal> signals(String service) {
    return INCIDENT_STATE.signals.stream().filter(s -> s.service().equals(service)).toList();
  }

  private static List<StubPeer.Got> discord(String word) {
    return DISCORD.received().stream().filter(g -> g.body().contains(word)).toList();
  }

  @Test
  void leavesDiscordToIncidentServiceWhenItTakesTheSignalInTime() {
    soon().until(() -> state(admin(), "analysis-service"), "UP"::equals);

    ANALYSIS.down();
    soon().untilAsserted(() -> assertThat(signals("analysis-service")).hasSize(1));
    ANALYSIS.up();
    soon().untilAsserted(() -> assertThat(signals("analysis-service")).hasSize(2));

    var firing = signals("analysis-service").getFirst();
    var cleared = signals("analysis-service").getLast();
    assertThat(firing.kind()).isEqualTo(SignalKind.SERVICE_DOWN);
    assertThat(firing.status()).isEqualTo(SignalStatus.FIRING);
    assertThat(firing.env()).isEqualTo("watchtower");
    assertThat(cleared.status()).isEqualTo(SignalStatus.CLEARED);
    assertThat(cleared.fingerprint()).isEqualTo(firing.fingerprint());
    assertThat(discord("analysis")).isEmpty();
  }

  @Test
  void tellsDiscordOnceWhenIncidentServiceDoesNotTakeItInTime() {
    soon().until(() -> state(admin(), "chaos-service"), "UP"::equals);
    INCIDENT_STATE.signalStatus = 503;
    var calls = new AtomicInteger();
    DISCORD.answer(_ ->
        switch (calls.incrementAndGet()) {
          case 1 -> new StubPeer.Reply(429, "{\"retry_after\":0.2,\"global\":false}", "1");
          case 2 -> new StubPeer.Reply(502, "", null);
          default -> StubPeer.Reply.ok("{\"id\":\"900\"}");
        });

    CHAOS.down();
    soon()
        .atMost(Duration.ofSeconds(25))
        .untilAsserted(() -> assertThat(discord("is down")).hasSize(3));
    assertThat(signals("chaos-service")).isEmpty();
    var post = discord("is down").getLast();
    assertThat(post.method()).isEqualTo("POST");
    assertThat(post.path()).isEqualTo("/api/webhooks/1/abc?wait=true");
    assertThat(post.body()).contains("\"parse\":[]").contains("connection refused");

    // incident-service comes back: it hears of the outage late, and Discord hears nothing twice.
    INCIDENT_STATE.signalStatus = 202;
    soon()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(signals("chaos-service")).hasSize(1));
    assertThat(signals("chaos-service").getFirst().deliverBy()).isNotNull().isBefore(Instant.MAX);

    CHAOS.up();
    soon().untilAsserted(() -> assertThat(discord("again after")).hasSize(1));
    var edit = DISCORD.received().stream().filter(g -> g.method().equals("PATCH")).toList();
    assertThat(edit).hasSize(1);
    assertThat(edit.getFirst().path()).isEqualTo("/api/webhooks/1/abc/messages/900?wait=true");
    assertThat(edit.getFirst().body()).contains("is up again");
    assertThat(discord("is down")).as("posts of the card, one of them taken").hasSize(3);
    soon().untilAsserted(() -> assertThat(signals("chaos-service")).hasSize(2));
  }

  @Test
  void tellsDiscordWhatIncidentServiceTakesForLateByAClockThatIsAhead() {
    soon().until(() -> state(admin(), "chaos-service"), "UP"::equals);
    INCIDENT_STATE.ahead = Duration.ofSeconds(30);

    CHAOS.down();
    soon().untilAsserted(() -> assertThat(signals("chaos-service")).hasSize(1));
    soon()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(discord("is down")).hasSize(1));

    CHAOS.up();
    soon().untilAsserted(() -> assertThat(discord("again after")).hasSize(1));
    soon().untilAsserted(() -> assertThat(signals("chaos-service")).hasSize(2));
  }

  @Test
  void tellsIncidentServiceWhileItsOwnFileCannotBeWritten() {
    soon().until(() -> state(admin(), "analysis-service"), "UP"::equals);

    db.sql("pragma query_only = on").update();
    try {
      ANALYSIS.down();
      soon().untilAsserted(() -> assertThat(signals("analysis-service")).hasSize(1));
      soon()
          .untilAsserted(() ->
              assertThat(browser().get("/health").body()).contains("monitor.db cannot be written"));
      assertThat(outages.unfinished()).isEmpty();
      ANALYSIS.up();
      soon().untilAsserted(() -> assertThat(signals("analysis-service")).hasSize(2));
    } finally {
      db.sql("pragma query_only = off").update();
    }

    assertThat(signals("analysis-service"))
        .extracting(Signal::status)
        .containsExactly(SignalStatus.FIRING, SignalStatus.CLEARED);
    soon()
        .untilAsserted(() ->
            assertThat(
                    db.sql(
                            """
                            select count(*) from outage where target = 'analysis-service'
                              and firing_signal = :id and route = 'INCIDENT'
                              and firing_done = 1 and cleared_done = 1
                            """)
                        .param("id", signals("analysis-service").getFirst().id().toString())
                        .query(Integer.class)
                        .single())
                .isOne());
    soon().until(() -> !browser().get("/health").body().contains("cannot be written"));
    assertThat(discord("analysis")).isEmpty();
  }
}
