package dev.watchtower.monitor.lastknown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.monitor.Incidents;
import dev.watchtower.monitor.RunningMonitor;
import dev.watchtower.monitor.lastknown.http.PeerRefresh;
import dev.watchtower.monitor.statuspage.ComponentStatus;
import dev.watchtower.monitor.statuspage.StatusBoard;
import dev.watchtower.monitor.statuspage.StatusReport;
import dev.watchtower.monitor.uptime.Condition;
import dev.watchtower.monitor.uptime.ConditionSource;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Incidents on their way from incident-service to the store and the status page. */
class LastKnownIT extends RunningMonitor {
  private static final String CHECKOUT = ConditionSource.COMPONENT + "Checkout";

  @Autowired private LastKnown known;
  @Autowired private LastKnownStore store;
  @Autowired private PeerRefresh refresh;
  @Autowired private StatusBoard board;
  @Autowired private JdbcClient db;
  @Autowired private Clock clock;

  private final UUID id = UUID.randomUUID();

  @AfterEach
  void nothingIsWrongAnyMore() {
    known.take(incident(IncidentState.RESOLVED, 9), clock.instant());
    INCIDENT_STATE.incidents.clear();
    soon()
        .until(() ->
            browser()
                .json("/api/v2/status.json")
                .path("status")
                .path("description")
                .asString()
                .equals("All Systems Operational"));
  }

  private IncidentView incident(IncidentState state, long version) {
    return Incidents.about("checkout", id, 43, state, version);
  }

  private ComponentStatus checkout() {
    return board.report(clock.instant()).components().stream()
        .filter(c -> c.name().equals("Checkout"))
        .map(StatusReport.Component::status)
        .findFirst()
        .orElseThrow();
  }

  private long stored() {
    return db.sql("select count(*) from last_known where kind = 'incident' and key = ?")
        .param(id.toString())
        .query(Long.class)
        .single();
  }

  private void heard() {
    soon().until(() -> known.isConnected("incident"));
    soon().until(this::checkout, ComponentStatus.OPERATIONAL::equals);
  }

  private static SignalsBatch batch(String service, long ts, Map<String, Double> signals) {
    return new SignalsBatch("prod", service, 0, ts, new HashMap<>(signals));
  }

  @Test
  void aServiceWithoutGoldenSignalsTakesNothingFromOneThatHasThem() {
    var mine = new LastKnown(store);
    var signals = Map.of("cpu", 0.5);
    mine.take(batch("shop", 1, signals));
    for (var i = 0; i < LastKnown.SIGNALS_KEPT + 10; i++) {
      mine.take(batch("backup-" + i, 100 + i, Map.of()));
    }
    mine.take(batch("shop", 5_000, Map.of()));

    assertThat(mine.signals())
        .hasSize(LastKnown.SIGNALS_KEPT)
        .contains(batch("shop", 1, signals), batch("backup-1009", 1_109, Map.of()));
    for (var i = 0; i < LastKnown.SIGNALS_KEPT; i++) {
      mine.take(batch("shop-" + i, 2 + i, signals));
    }
    mine.take(batch("backup", 9_000, Map.of()));
    assertThat(mine.signals())
        .hasSize(LastKnown.SIGNALS_KEPT)
        .noneMatch(b -> b.signals().isEmpty())
        .doesNotContain(batch("shop", 1, signals));
  }

  /** After its restart ingest-service lists who has not sent again, without values. */
  @Test
  void whatIsNotKnownAnyMoreTakesNothingFromWhatIs() {
    known.take(batch("quiet", 1, Map.of("cpu", 0.5)));

    assertThat(refresh.refresh("ingest")).isTrue();

    assertThat(known.signals()).contains(batch("quiet", 1, Map.of("cpu", 0.5)));
  }

  @Test
  void tellsOfAnIncidentThatTheStoreCannotTakeAndStoresItLater() {
    heard();
    db.sql(
            """
            create trigger full before insert on last_known when new.kind = 'incident'
            begin select raise(abort, 'disk is full'); end
            """)
        .update();
    try {
      known.take(incident(IncidentState.OPEN, 1), clock.instant());
      assertThat(checkout()).isEqualTo(ComponentStatus.PARTIAL_OUTAGE);
      assertThat(stored()).isZero();
    } finally {
      db.sql("drop trigger full").update();
    }
    soon().until(() -> stored() == 1);
  }

  @Test
  void endsAnIncidentThatItsOwnerKnowsNoMore() {
    heard();
    known.take(incident(IncidentState.OPEN, 1), clock.instant());
    assertThat(checkout()).isEqualTo(ComponentStatus.PARTIAL_OUTAGE);

    assertThat(refresh.refresh("incident")).isTrue();

    assertThat(known.incident(id)).isEmpty();
    assertThat(stored()).isZero();
    assertThat(checkout()).isEqualTo(ComponentStatus.OPERATIONAL);
    var told =
        board.report(clock.instant()).recent().stream()
            .filter(i -> i.id().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(told.updates().getLast().body()).isEqualTo("This incident is closed.");
    assertThat(told.resolvedAt()).isNotNull();
  }

  @Test
  void countsTimeByTheProbesAloneWhileIncidentServiceIsNotHeard() {
    heard();
    known.take(incident(IncidentState.OPEN, 1), clock.instant());
    assertThat(board.conditions()).containsEntry(CHECKOUT, Condition.DOWN);

    known.lost("incident", clock.instant());
    try {
      assertThat(board.conditions()).containsEntry(CHECKOUT, Condition.UP);
      assertThat(checkout()).as("still shown").isEqualTo(ComponentStatus.PARTIAL_OUTAGE);
      assertThat(board.report(clock.instant()).stale()).isTrue();
    } finally {
      known.connected("incident", clock.instant());
    }
    assertThat(board.conditions()).containsEntry(CHECKOUT, Condition.DOWN);
  }

  @Test
  void isAsOfTheLastSignOfLifeAndStaleWhereThatIsLongAgo() {
    var mine = new LastKnown(store);
    var noon = Instant.parse("2026-03-02T12:00:00Z");
    mine.connected("chaos", noon);
    mine.heard("chaos", noon.plusSeconds(10));

    mine.flush(noon.plusSeconds(25));
    assertThat(mine.freshness("chaos", noon.plusSeconds(25)))
        .as("silent, but not for long")
        .isEqualTo(new LastKnown.Freshness(noon.plusSeconds(10), false));
    assertThat(mine.freshness("chaos", noon.plusSeconds(26)))
        .as("its connection stands")
        .isEqualTo(new LastKnown.Freshness(noon.plusSeconds(10), true));

    mine.heard("chaos", noon.plusSeconds(30));
    assertThat(mine.freshness("chaos", noon.plusSeconds(31)).stale()).isFalse();
    mine.lost("chaos", noon.plusSeconds(40));
    mine.heard("chaos", noon.plusSeconds(41));
    var last = new LastKnown.Freshness(noon.plusSeconds(30), true);
    assertThat(mine.freshness("chaos", noon.plusSeconds(41))).isEqualTo(last);
    assertThat(new LastKnown(store).freshness("chaos", noon.plusSeconds(50)))
        .as("after a restart")
        .isEqualTo(last);
  }

  private static IncidentSignal signal(String fingerprint) {
    return new IncidentSignal(
        fingerprint,
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        "rule",
        "checkout",
        Severity.SEV2,
        "summary",
        Instant.parse("2026-03-02T10:00:00Z"),
        null,
        null);
  }

  @Test
  void tellsThatSignalsAreMissingUntilItKnowsThemAll() {
    heard();
    var admin = admin();
    var brief = incident(IncidentState.OPEN, 1).inPart(List.of(signal("a")));

    soon()
        .until(() -> {
          INCIDENT.publish("/topic/incidents", seq -> Map.of("seq", seq, "incident", brief));
          return known.incident(id).isPresent();
        });
    assertThat(told(admin.json("/bff/overview").path("incidents"))).isTrue();
    assertThat(told(admin.json("/incidents").path("items"))).isTrue();
    assertThat(new LastKnown(store).incident(id).orElseThrow().partial())
        .as("also after a restart")
        .isTrue();

    var whole =
        incident(IncidentState.OPEN, 1)
            .withSignals(
                List.of(signal("a").inBrief("all of the summary", UnaryOperator.identity())));
    known.take(whole, clock.instant());
    assertThat(known.incident(id)).as("as many signals, none of them cut").contains(whole);
    known.take(brief, clock.instant());
    assertThat(known.incident(id)).contains(whole);
    assertThat(told(admin.json("/incidents").path("items"))).isFalse();
  }

  /** Whether this incident is said to be partial in the list. */
  private boolean told(JsonNode incidents) {
    return incidents
        .valueStream()
        .filter(i -> i.path("id").asString().equals(id.toString()))
        .findFirst()
        .orElseThrow()
        .path("partial")
        .asBoolean();
  }
}
