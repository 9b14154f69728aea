package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.lifecycle.Incidents;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Many signals of one service at once: they are taken together, and each stands for itself. */
class SignalStormIT extends RunningService {
  @Autowired private SignalDesk desk;
  @Autowired private PlatformTransactionManager manager;
  @Autowired private Incidents incidents;
  @Autowired private Transactions transactions;

  private final String service = freshService();

  private List<Api.Answer> sendAtOnce(List<Signal> signals)
      throws InterruptedException, ExecutionException {
    var api = responder();
    var start = new CountDownLatch(1);
    var answers = new ArrayList<Api.Answer>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Api.Answer>>();
      for (var signal : signals) {
        running.add(
            executor.submit(() -> {
              start.await();
              return api.post("/api/v1/signals", signal);
            }));
      }
      start.countDown();
      for (var one : running) {
        answers.add(one.get());
      }
    }
    return answers;
  }

  private List<Signal> signals(int count, SignalStatus status) {
    var all = new ArrayList<Signal>();
    for (int i = 0; i < count; i++) {
      all.add(signal(service, "rule" + i, status));
    }
    return all;
  }

  private List<JsonNode> timeline(String id, String kind) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline?limit=200")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals(kind))
        .toList();
  }

  private JsonNode incident(String id) {
    return responder().get("/api/v1/incidents/" + id).body();
  }

  private double together(String what) {
    return metric("watchtower_incident_signals_together_" + what);
  }

  private double metric(String name) {
    return responder()
        .text("/metrics", "text/plain")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void whatComesAtOnceIsTakenInFewTransactionsAndNothingIsLost()
      throws InterruptedException, ExecutionException {
    double runs = together("count");
    double sum = together("sum");

    var answers = sendAtOnce(signals(60, SignalStatus.FIRING));

    assertThat(answers).extracting(Api.Answer::status).containsOnly(202);
    assertThat(answers.stream().map(a -> a.text("effect")))
        .containsOnly("OPENED", "JOINED")
        .containsOnlyOnce("OPENED");
    var id = answers.getFirst().text("incident");
    assertThat(answers.stream().map(a -> a.text("incident"))).containsOnly(id);
    assertThat(incident(id).path("signals")).hasSize(60);
    assertThat(timeline(id, "SIGNAL_FIRED")).hasSize(60);
    assertThat(together("sum") - sum).isEqualTo(60);
    assertThat(together("count") - runs).isLessThan(60);

    advance(Duration.ofSeconds(10));
    var cleared = sendAtOnce(signals(60, SignalStatus.CLEARED));
    assertThat(cleared).extracting(Api.Answer::status).containsOnly(202);
    assertThat(incident(id).path("state").asString()).isEqualTo("MITIGATED");
    assertThat(timeline(id, "SIGNAL_CLEARED")).hasSize(60);
    assertThat(
            responder()
                .get("/api/v1/incidents/" + id + "/timeline/verify")
                .body()
                .path("valid")
                .asBoolean())
        .isTrue();
  }

  @Test
  void oneThatCannotBeStoredTakesNoneOfTheOthersWithIt() {
    jdbc.sql(
            """
            create or replace function refuse_poison() returns trigger language plpgsql as $$
            begin
              if new.rule = 'poison' then raise exception 'poison'; end if;
              return new;
            end $$
            """)
        .update();
    jdbc.sql(
            """
            create or replace trigger poison before insert on signal
              for each row execute function refuse_poison()
            """)
        .update();
    try {
      var all = new ArrayList<>(signals(9, SignalStatus.FIRING));
      all.add(4, signal(service, "poison", SignalStatus.FIRING));

      assertThat(catchIt(() -> desk.takeAll(all, "service:ingest", CLOCK.instant())))
          .contains("poison");

      all.remove(4);
      assertThat(desk.takeAll(all, "service:ingest", CLOCK.instant()))
          .hasSize(9)
          .allMatch(SignalDesk.Taken.Repeated.class::isInstance);
      var found = responder().get("/api/v1/incidents?service=" + service).body().path("items");
      assertThat(found).hasSize(1);
      assertThat(found.path(0).path("signals")).hasSize(9);
      assertThat(timeline(found.path(0).path("id").asString(), "SIGNAL_FIRED")).hasSize(9);
    } finally {
      jdbc.sql("drop trigger poison on signal").update();
    }
  }

  private static String catchIt(Runnable what) {
    try {
      what.run();
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void whatHappensWithinOneBatchIsWrittenAsIfItCameOneByOne() {
    var at = CLOCK.instant();
    var all =
        List.of(
            at(signal(service, "a", SignalStatus.FIRING), at),
            at(signal(service, "b", SignalStatus.FIRING), at.plusMillis(1)),
            at(signal(service, "a", SignalStatus.CLEARED), at.plusMillis(2)),
            at(signal(service, "b", SignalStatus.CLEARED), at.plusMillis(3)),
            at(signal(service, "a", SignalStatus.FIRING), at.plusMillis(4)),
            at(signal(service, "a", SignalStatus.FIRING), at.plusMillis(5)),
            at(signal(service, "a", SignalStatus.CLEARED), at.plusMillis(1)));

    var effects =
        desk.takeAll(all, "service:ingest", at).stream()
            .map(taken -> ((SignalDesk.Taken.Stored) taken).effect().word())
            .toList();

    assertThat(effects)
        .containsExactly("OPENED", "JOINED", "CLEARED", "CLEARED", "JOINED", "IGNORED", "IGNORED");
    var id =
        responder()
            .get("/api/v1/incidents?service=" + service)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asString();
    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(
            timeline(id, "STATE_CHANGED").stream()
                .map(e -> e.path("data").path("event").asString()))
        .containsExactly("RECOVER", "REGRESS");
    assertThat(timeline(id, "SIGNAL_FIRED")).hasSize(3);
    assertThat(timeline(id, "SIGNAL_CLEARED")).hasSize(2);
    assertThat(desk.takeAll(all, "service:ingest", at))
        .allMatch(SignalDesk.Taken.Repeated.class::isInstance);
  }

  @Test
  void whatFindsTheQueueFullIsToldToComeAgainAndNothingElseSuffers()
      throws InterruptedException, ExecutionException {
    double refused = metric("watchtower_incident_signals_refused");
    var all = signals(300, SignalStatus.FIRING);
    var answers = new ArrayList<Future<Api.Answer>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      transactions.once(() -> {
        // As if another process were at work on the scope.
        incidents.lockScope(service, "prod");
        for (var signal : all) {
          answers.add(executor.submit(() -> responder().post("/api/v1/signals", signal)));
        }
        await()
            .atMost(Duration.ofSeconds(8))
            .until(() -> metric("watchtower_incident_signals_refused") - refused >= 10);
        return true;
      });
    }

    int taken = 0;
    for (var answer : answers) {
      assertThat(answer.get().status()).isIn(202, 503);
      taken += answer.get().status() == 202 ? 1 : 0;
    }
    double told = metric("watchtower_incident_signals_refused") - refused;
    assertThat(told).isEqualTo(300.0 - taken);
    assertThat(taken).isGreaterThan(200);
    for (var signal : all) {
      assertThat(responder().post("/api/v1/signals", signal).status()).isIn(200, 202);
    }
    var found = responder().get("/api/v1/incidents?service=" + service).body().path("items");
    assertThat(found).hasSize(1);
    assertThat(found.path(0).path("signals")).hasSize(300);
  }

  @Test
  void theSameSignalTwiceInOneBatchCountsOnce() {
    var one = signal(service, "a", SignalStatus.FIRING);

    assertThat(desk.takeAll(List.of(one, one), "service:ingest", CLOCK.instant()))
        .extracting(taken -> taken.getClass().getSimpleName())
        .containsExactly("Stored", "Repeated");
  }

  @Test
  void aGroupOfManyAlertsIsTakenInOneGo() {
    double runs = together("count");
    var alerts = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < 150; i++) {
      alerts.add(
          Map.of(
              "status",
              "firing",
              "labels",
              Map.of("alertname", "a" + i, "service", service, "env", "prod"),
              "startsAt",
              CLOCK.instant().toString(),
              "fingerprint",
              service + i));
    }

    var answer =
        responder()
            .post(
                "/api/v1/alertmanager", Map.of("version", "4", "groupKey", "g", "alerts", alerts));

    assertThat(answer.body().path("taken").asInt()).isEqualTo(150);
    assertThat(together("count") - runs).isEqualTo(1);
  }

  @Test
  void leavesTheTellingToTheSenderWhenTheStoreWasTooSlow() throws Exception {
    var base = signal(service, "probe", SignalStatus.FIRING);
    var signal =
        new Signal(
            base.id(),
            base.fingerprint(),
            SignalKind.SERVICE_DOWN,
            base.status(),
            base.rule(),
            service,
            base.env(),
            base.severity(),
            "does not answer",
            base.at(),
            null,
            CLOCK.instant().plusSeconds(8));
    var api = responder();
    var answer = new CompletableFuture<Api.Answer>();
    new TransactionTemplate(manager)
        .executeWithoutResult(status -> {
          desk.lockScopeOf(signal);
          Thread.ofVirtual().start(() -> answer.complete(api.post("/api/v1/signals", signal)));
          await()
              .until(() ->
                  jdbc.sql(
                              "select count(*) from pg_locks where locktype = 'advisory' and not granted")
                          .query(Long.class)
                          .single()
                      > 0);
          advance(Duration.ofSeconds(9));
        });

    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(202);
    var fired = timeline(answer.get().text("incident"), "SIGNAL_FIRED");
    assertThat(fired).hasSize(1);
    assertThat(fired.getFirst().path("data").path("toldElsewhere").asBoolean(false)).isTrue();
  }

  private static Signal at(Signal signal, Instant at) {
    return signal(signal.service(), signal.rule(), signal.status(), signal.severity(), at);
  }
}
