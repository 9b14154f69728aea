package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a token that is no service's may do with signals. */
class ForeignSignalsIT extends RunningService {
  private static final String DOOR = "/api/v1/signals";

  private Api script() {
    return asMachine("cron", Scope.INGEST_WRITE);
  }

  private Api service(String name) {
    return asService(name, Scope.SIGNALS_WRITE);
  }

  private static Signal anew(
      Signal signal, SignalKind kind, SignalStatus status, Instant at, @Nullable Instant limit) {
    return new Signal(
        UUID.randomUUID(),
        signal.fingerprint(),
        kind,
        status,
        signal.rule(),
        signal.service(),
        signal.env(),
        signal.severity(),
        signal.summary(),
        at,
        null,
        limit);
  }

  private JsonNode incident(String id) {
    return responder().get("/api/v1/incidents/" + id).body();
  }

  @Test
  void endsNothingThatTheServicesSent() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var id = service("ingest").post(DOOR, signal).text("incident");
    advance(Duration.ofSeconds(5));

    for (var kind : List.of(SignalKind.THRESHOLD, SignalKind.EXTERNAL)) {
      var cleared = anew(signal, kind, SignalStatus.CLEARED, CLOCK.instant(), null);
      var answer = script().post(DOOR, cleared);
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.text("effect")).isEqualTo("IGNORED");
      assertThat(answer.text("id")).isEqualTo(cleared.id().toString());
    }

    assertThat(incident(id).path("state").asString()).isEqualTo("OPEN");
    assertThat(incident(id).path("signals").path(0).path("status").asString()).isEqualTo("FIRING");
  }

  @Test
  void keepsNothingOfTheServicesFromBeingTaken() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var ahead =
        anew(
            signal,
            SignalKind.THRESHOLD,
            SignalStatus.CLEARED,
            CLOCK.instant().plusSeconds(59),
            null);
    assertThat(script().post(DOOR, ahead).status()).isEqualTo(202);
    // Not even with the id of the one that is to come.
    assertThat(script().post(DOOR, signal).status()).isEqualTo(202);

    assertThat(service("ingest").post(DOOR, signal).text("effect")).isEqualTo("OPENED");
  }

  @Test
  void opensAndEndsWhatIsItsOwnAndIsNamed() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var opened = script().post(DOOR, signal);
    assertThat(opened.text("effect")).isEqualTo("OPENED");
    assertThat(script().post(DOOR, signal).status()).as("the same once more").isEqualTo(200);
    advance(Duration.ofSeconds(5));
    var other = anew(signal, signal.kind(), SignalStatus.CLEARED, CLOCK.instant(), null);
    assertThat(asMachine("other", Scope.INGEST_WRITE).post(DOOR, other).text("effect"))
        .isEqualTo("IGNORED");
    var own = anew(signal, signal.kind(), SignalStatus.CLEARED, CLOCK.instant(), null);
    assertThat(script().post(DOOR, own).text("effect")).isEqualTo("CLEARED");

    var id = opened.text("incident");
    var shown = incident(id).path("signals").path(0);
    assertThat(shown.path("kind").asString()).isEqualTo(signal.kind().name());
    assertThat(shown.path("fingerprint").asString())
        .isEqualTo("machine:cron/prod/" + signal.service() + "/" + signal.fingerprint());
    var entries = responder().get("/api/v1/incidents/" + id + "/timeline").body().path("items");
    assertThat(entries)
        .filteredOn(entry -> entry.path("kind").asString().startsWith("SIGNAL_"))
        .hasSize(2)
        .allSatisfy(entry -> {
          assertThat(entry.path("actor").path("name").asString()).isEqualTo("machine:cron");
          assertThat(entry.path("data").path("sender").asString()).isEqualTo("machine:cron");
        });
    assertThat(
            jdbc.sql("select distinct sender from signal where service = ? order by 1")
                .param(signal.service())
                .query(String.class)
                .list())
        .containsExactly("machine:cron", "machine:other");
  }

  private static Signal of(String service, String env, SignalStatus status) {
    return new Signal(
        UUID.randomUUID(),
        "disk-full",
        SignalKind.EXTERNAL,
        status,
        "disk",
        service,
        env,
        Severity.SEV3,
        "The disk is full",
        CLOCK.instant(),
        null,
        null);
  }

  @Test
  void whatASenderCallsTheSameOnTwoServicesAreTwo() {
    var one = freshService();
    var other = freshService();
    var first = script().post(DOOR, of(one, "prod", SignalStatus.FIRING));
    var second = script().post(DOOR, of(other, "prod", SignalStatus.FIRING));
    assertThat(second.text("effect")).as("on another service").isEqualTo("OPENED");
    var third = script().post(DOOR, of(one, "staging", SignalStatus.FIRING));
    assertThat(third.text("effect")).as("in another environment").isEqualTo("OPENED");
    advance(Duration.ofSeconds(5));

    var cleared = script().post(DOOR, of(other, "prod", SignalStatus.CLEARED));

    assertThat(cleared.text("effect")).isEqualTo("CLEARED");
    assertThat(cleared.text("incident")).isEqualTo(second.text("incident"));
    assertThat(incident(second.text("incident")).path("state").asString()).isEqualTo("MITIGATED");
    for (var fires : List.of(first, third)) {
      assertThat(incident(fires.text("incident")).path("state").asString()).isEqualTo("OPEN");
    }
  }

  @Test
  void anIncidentOfBeforeServicesWereToldApartGoesOnAndEndsWithItsSignal() {
    var service = freshService();
    var id = script().post(DOOR, of(service, "prod", SignalStatus.FIRING)).text("incident");
    var former = "machine:cron/disk-full";
    for (var table : List.of("signal", "incident_signal")) {
      jdbc.sql("update %s set fingerprint = ? where service = ?".formatted(table))
          .params(former, service)
          .update();
    }
    // As at a start: what the service remembers of this version is not looked at.
    jdbc.sql("update incident set version = version + 1 where service = ?").param(service).update();
    advance(Duration.ofSeconds(5));

    var again = script().post(DOOR, of(service, "prod", SignalStatus.FIRING));
    assertThat(again.text("reason")).isEqualTo("it fires already");
    assertThat(again.text("incident")).isEqualTo(id);
    var other = script().post(DOOR, of(freshService(), "prod", SignalStatus.FIRING));
    assertThat(other.text("effect")).as("of another service").isEqualTo("OPENED");
    advance(Duration.ofSeconds(5));
    assertThat(script().post(DOOR, of(service, "prod", SignalStatus.CLEARED)).text("incident"))
        .isEqualTo(id);

    assertThat(incident(id).path("state").asString()).isEqualTo("MITIGATED");
    assertThat(incident(id).path("signals"))
        .singleElement()
        .satisfies(s -> assertThat(s.path("fingerprint").asString()).isEqualTo(former));
    advance(Duration.ofSeconds(5));
    assertThat(script().post(DOOR, of(service, "prod", SignalStatus.FIRING)).text("incident"))
        .isEqualTo(id);
  }

  @Test
  void whatChangesNothingIsAnsweredWithTheIncidentAllTheSame() {
    var signal = of(freshService(), "prod", SignalStatus.FIRING);
    var id = script().post(DOOR, signal).text("incident");

    var repeated = script().post(DOOR, signal);
    assertThat(repeated.text("effect")).isEqualTo("REPEATED");
    assertThat(repeated.text("incident")).isEqualTo(id);
    var another = anew(signal, signal.kind(), SignalStatus.FIRING, CLOCK.instant(), null);
    for (int i = 0; i < 2; i++) {
      assertThat(script().post(DOOR, another).text("incident")).isEqualTo(id);
    }
    var of = of(freshService(), "prod", SignalStatus.CLEARED);
    assertThat(script().post(DOOR, of).body().path("incident").isNull()).isTrue();
  }

  /** By labels that name the service since the catalog was edited, for example. */
  @Test
  void anAlertEndsWhateverServiceItIsSaidToBeOfThen() {
    var service = freshService();
    var fingerprint = UUID.randomUUID().toString();
    script().post("/api/v1/alertmanager", alert("firing", service, fingerprint));
    var id = responder().get("/api/v1/incidents?service=" + service).body().path("items").path(0);
    advance(Duration.ofSeconds(5));

    script().post("/api/v1/alertmanager", alert("resolved", freshService(), fingerprint));

    assertThat(incident(id.path("id").asString()).path("state").asString()).isEqualTo("MITIGATED");
  }

  private static String alert(String status, String service, String fingerprint) {
    return """
    {"version":"4","alerts":[{"status":"%s","labels":{"alertname":"Slow","service":"%s",
     "env":"prod"},"startsAt":"%s","endsAt":"0001-01-01T00:00:00Z","fingerprint":"%s"}]}\
    """
        .formatted(status, service, CLOCK.instant(), fingerprint);
  }

  @Test
  void onlyMonitorSaysByWhenToTell() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var late = anew(signal, signal.kind(), SignalStatus.FIRING, CLOCK.instant(), Instant.EPOCH);
    for (var api : List.of(script(), responderAlone(), service("ingest"))) {
      var refused = api.post(DOOR, late);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body().path("errors").path(0).path("path").asString())
          .isEqualTo("deliverBy");
    }
  }

  @Test
  void whatMonitorSaysIsDownIsUpAgainWhenMonitorSaysSo() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var down = anew(signal, SignalKind.SERVICE_DOWN, SignalStatus.FIRING, CLOCK.instant(), null);
    var id = service("monitor").post(DOOR, down).text("incident");
    advance(Duration.ofSeconds(5));

    for (var api : List.of(script(), responderAlone(), service("ingest"))) {
      var up = anew(down, SignalKind.SERVICE_DOWN, SignalStatus.CLEARED, CLOCK.instant(), null);
      assertThat(api.post(DOOR, up).text("effect")).isEqualTo("IGNORED");
    }
    assertThat(incident(id).path("state").asString()).isEqualTo("OPEN");

    var up = anew(down, SignalKind.SERVICE_DOWN, SignalStatus.CLEARED, CLOCK.instant(), null);
    assertThat(service("monitor").post(DOOR, up).text("effect")).isEqualTo("CLEARED");
  }

  @Test
  void onlyMonitorSaysThatSomethingIsDown() {
    for (var api : List.of(script(), responderAlone(), service("ingest"))) {
      var signal = signal(freshService(), "rule", SignalStatus.FIRING);
      var down = anew(signal, SignalKind.SERVICE_DOWN, SignalStatus.FIRING, CLOCK.instant(), null);
      var answer = api.post(DOOR, down);
      assertThat(answer.status()).isEqualTo(202);
      assertThat(incident(answer.text("incident")).path("signals").path(0).path("kind").asString())
          .isEqualTo("EXTERNAL");
    }
  }

  @Test
  void whatComesInAPersonsNameAcknowledgesNothing() {
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var id = service("ingest").post(DOOR, signal).text("incident");
    jdbc.sql("update incident set state = 'INVESTIGATING' where id = cast(? as uuid)")
        .param(id)
        .update();
    advance(Duration.ofSeconds(5));

    var joined = anew(signal, signal.kind(), SignalStatus.FIRING, CLOCK.instant(), null);
    assertThat(responderAlone().post(DOOR, joined).text("effect")).isEqualTo("JOINED");

    assertThat(incident(id).path("acknowledgedAt").isNull()).isTrue();
    responderAlone().post("/api/v1/incidents/" + id + "/annotations", "{\"text\":\"on it\"}");
    assertThat(incident(id).path("acknowledgedAt").isNull()).as("a deed does").isFalse();
  }

  @Test
  void alertmanagerIsNamedWithTheTokenItSendsWith() {
    var service = freshService();
    var body = alert("firing", service, UUID.randomUUID().toString());
    assertThat(script().post("/api/v1/alertmanager", body).status()).isEqualTo(200);

    var id =
        responder()
            .get("/api/v1/incidents?service=" + service)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asString();
    var entry =
        responder().get("/api/v1/incidents/" + id + "/timeline").body().path("items").path(0);
    assertThat(entry.path("actor").path("name").asString()).isEqualTo("alertmanager");
    assertThat(entry.path("data").path("sender").asString()).isEqualTo("machine:cron");
  }

  private Api responderAlone() {
    return as("ann", Scope.READ, Scope.RESPOND);
  }
}
