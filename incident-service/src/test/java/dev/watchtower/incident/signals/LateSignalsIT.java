package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What comes in time, and is too late once it is taken. */
class LateSignalsIT extends RunningService {
  private static final SignalQueue.Limits LIMITS =
      new SignalQueue.Limits(1, 200, 8, 8, Duration.ofSeconds(20));

  @Autowired private IncidentBook book;
  @Autowired private Lifecycle lifecycle;
  @Autowired private SignalLog log;
  @Autowired private Correlation correlation;
  @Autowired private Merger merger;
  @Autowired private KeptSignals kept;
  @Autowired private Transactions transactions;
  @Autowired private CatalogSource catalog;

  /** A clock that is ten seconds later whenever it is looked at. */
  private static final class Hurrying extends Clock {
    private Instant now;

    Hurrying(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      now = now.plusSeconds(10);
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new IllegalStateException("this clock is for UTC only");
    }
  }

  private static final class Unwatched implements SignalQueue.Watch {
    @Override
    public void together(int items) {}

    @Override
    public void refused(int items) {}
  }

  private static Signal down(String service, String what, Instant now, int patience) {
    return new Signal(
        UUID.randomUUID(),
        what + "|" + service,
        SignalKind.SERVICE_DOWN,
        SignalStatus.FIRING,
        what,
        service,
        "prod",
        Severity.SEV2,
        service + " does not answer",
        now,
        null,
        now.plusSeconds(patience));
  }

  @Test
  void signalsThatBecomeLateOneAfterTheOtherAreAllTaken() {
    var now = CLOCK.instant();
    var service = freshService();
    var desk =
        new SignalDesk(
            new SignalBatch.Tools(book, lifecycle, log, correlation, merger, kept),
            transactions,
            catalog::current,
            e -> false,
            new Hurrying(now),
            LIMITS,
            new Unwatched());

    var taken =
        desk.takeAll(
            List.of(
                down(service, "one", now, 5),
                down(service, "two", now, 15),
                down(service, "three", now, 25)),
            "service:monitor",
            now);

    assertThat(taken)
        .hasSize(3)
        .allSatisfy(t -> assertThat(t).isInstanceOf(SignalDesk.Taken.Stored.class));
    var incident = responder().get("/api/v1/incidents?service=" + service).body().path("items");
    assertThat(incident).hasSize(1);
    assertThat(incident.path(0).path("signals")).hasSize(3);
    var timeline =
        responder()
            .get("/api/v1/incidents/" + incident.path(0).path("id").asString() + "/timeline")
            .body();
    assertThat(
            timeline
                .path("items")
                .valueStream()
                .filter(e -> e.path("data").path("toldElsewhere").asBoolean(false)))
        .hasSize(3);
  }
}
