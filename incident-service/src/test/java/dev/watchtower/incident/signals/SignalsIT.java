package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class SignalsIT extends RunningService {
  private static JsonNode incident(Api api, String id) {
    return api.get("/api/v1/incidents/" + id).body();
  }

  private List<JsonNode> open(String service) {
    return responder()
        .get(
            "/api/v1/incidents?service=%s&state=OPEN,ACKNOWLEDGED,INVESTIGATING,IDENTIFIED,MITIGATED"
                .formatted(service))
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  @Autowired private SignalLog signals;

  @Test
  void aTimeThatHasNotComeYetDoesNotSilenceTheFingerprint() {
    var service = freshService();
    var ahead = CLOCK.instant().plus(Duration.ofDays(20));
    var received = CLOCK.instant();
    var id =
        responder()
            .post(
                "/api/v1/signals", signal(service, "r", SignalStatus.FIRING, Severity.SEV2, ahead))
            .text("incident");
    advance(Duration.ofSeconds(5));

    var cleared = responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));

    assertThat(cleared.text("effect")).isEqualTo("CLEARED");
    var fired =
        responder()
            .get("/api/v1/incidents/" + id + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("kind").asString().equals("SIGNAL_FIRED"))
            .findFirst()
            .orElseThrow();
    assertThat(Instant.parse(fired.path("ts").asString())).isEqualTo(received);
    assertThat(fired.path("data").path("claimedAt").asString()).isEqualTo(ahead.toString());
    advance(Duration.ofSeconds(5));
    assertThat(
            responder()
                .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
                .text("effect"))
        .isEqualTo("JOINED");
  }

  @Test
  void aClockThatIsALittleAheadIsTakenAtItsWord() {
    var service = freshService();
    var ahead = CLOCK.instant().plusSeconds(50);

    var id =
        responder()
            .post(
                "/api/v1/signals", signal(service, "r", SignalStatus.FIRING, Severity.SEV2, ahead))
            .text("incident");

    assertThat(
            responder()
                .get("/api/v1/incidents/" + id)
                .body()
                .path("signals")
                .path(0)
                .path("firedAt")
                .asString())
        .isEqualTo(ahead.toString());
  }

  @Test
  void theSameSignalTwiceCountsOnce() {
    var api = responder();
    var service = freshService();
    var signal = signal(service, "rule", SignalStatus.FIRING);

    assertThat(api.post("/api/v1/signals", signal).status()).isEqualTo(202);
    assertThat(api.post("/api/v1/signals", signal).status()).isEqualTo(200);

    assertThat(open(service)).hasSize(1);
    var id = open(service).getFirst().path("id").asString();
    var timeline = api.get("/api/v1/incidents/" + id + "/timeline").body().path("items");
    assertThat(timeline.valueStream().filter(e -> e.path("kind").asString().equals("SIGNAL_FIRED")))
        .hasSize(1);
  }

  @RepeatedTest(3)
  void racingFirstSignalsOpenOneIncidentWithoutGapsInItsTimeline()
      throws InterruptedException, ExecutionException {
    var api = responder();
    var service = freshService();
    var start = new CountDownLatch(1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          LongStream.range(0, 8)
              .mapToObj(i ->
                  executor.submit(() -> {
                    start.await();
                    return api.post(
                            "/api/v1/signals", signal(service, "rule" + i, SignalStatus.FIRING))
                        .status();
                  }))
              .toList();
      start.countDown();
      for (var one : running) {
        assertThat(one.get()).isEqualTo(202);
      }
    }

    assertThat(open(service)).hasSize(1);
    var incident = open(service).getFirst();
    assertThat(incident.path("signals")).hasSize(8);
    var id = incident.path("id").asString();
    var verdict = api.get("/api/v1/incidents/" + id + "/timeline/verify").body();
    assertThat(verdict.path("valid").asBoolean()).isTrue();
    assertThat(verdict.path("entries").asLong()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void theWorstSignalGivesTheSeverity() {
    var api = responder();
    var service = freshService();
    api.post(
        "/api/v1/signals",
        signal(service, "a", SignalStatus.FIRING, Severity.SEV3, CLOCK.instant()));
    var id =
        api.post(
                "/api/v1/signals",
                signal(service, "b", SignalStatus.FIRING, Severity.SEV1, CLOCK.instant()))
            .text("incident");

    assertThat(incident(api, id).path("severity").asString()).isEqualTo("SEV1");
  }

  @Test
  void theIncidentRecoversRelapsesAndResolvesAfterTheQuietPeriod() {
    var api = responder();
    var service = freshService();
    var id =
        api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING)).text("incident");

    advance(Duration.ofSeconds(5));
    api.post("/api/v1/signals", signal(service, "rule", SignalStatus.CLEARED));
    assertThat(incident(api, id).path("state").asString()).isEqualTo("MITIGATED");

    advance(Duration.ofMinutes(14));
    api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING));
    assertThat(incident(api, id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(incident(api, id).path("mitigatedAt").isNull()).isTrue();

    advance(Duration.ofMinutes(20));
    api.post("/api/v1/signals", signal(service, "rule", SignalStatus.CLEARED));
    advance(Duration.ofMinutes(14));
    assertThat(incident(api, id).path("state").asString()).isEqualTo("MITIGATED");

    advance(Duration.ofMinutes(1));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(incident(api, id).path("state").asString()).isEqualTo("RESOLVED"));
    var actors =
        api.get("/api/v1/incidents/" + id + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .filter(e -> e.path("kind").asString().equals("STATE_CHANGED"))
            .map(e -> e.path("actor").path("name").asString())
            .toList();
    assertThat(actors)
        .containsExactly(
            "policy:recover", "policy:regress", "policy:recover", "policy:auto-resolve");
  }

  @Test
  void theTitleIsThatOfWhatIsWrongNow() {
    var api = responder();
    var service = freshService();
    var slow = titled(service, "Requests are slow", Severity.SEV3);
    var full = titled(service, "The disk is full", Severity.SEV3);
    var failing = titled(service, "Too many requests fail", Severity.SEV2);
    var id = api.post("/api/v1/signals", slow).text("incident");
    api.post("/api/v1/signals", full);
    assertThat(title(api, id)).as("no worse").contains("slow");
    api.post("/api/v1/signals", ended(slow));
    assertThat(title(api, id)).as("what still fires").contains("disk");
    api.post("/api/v1/signals", failing);
    assertThat(title(api, id)).as("worse").contains("fail");
    api.post("/api/v1/signals", ended(full));
    api.post("/api/v1/signals", ended(failing));
    assertThat(title(api, id)).as("all over").contains("fail");

    advance(Duration.ofMinutes(2));
    api.post("/api/v1/signals", titled(service, "The queue is long", Severity.SEV3));
    assertThat(incident(api, id).path("state").asString()).isEqualTo("INVESTIGATING");
    assertThat(title(api, id)).as("a relapse").contains("queue");
    assertThat(title(api, id)).doesNotContain("fail");
    api.post("/api/v1/signals", titled(service, "Too many requests fail", Severity.SEV2));
    assertThat(title(api, id)).as("worse than what fires").contains("fail");
  }

  private static String title(Api api, String incident) {
    return incident(api, incident).path("title").asString();
  }

  private static Signal titled(String service, String summary, Severity severity) {
    return new Signal(
        UUID.randomUUID(),
        summary + "|" + service,
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        summary,
        service,
        "prod",
        severity,
        summary,
        CLOCK.instant(),
        null,
        null);
  }

  private static Signal ended(Signal signal) {
    return new Signal(
        UUID.randomUUID(),
        signal.fingerprint(),
        signal.kind(),
        SignalStatus.CLEARED,
        signal.rule(),
        signal.service(),
        signal.env(),
        signal.severity(),
        signal.summary(),
        CLOCK.instant(),
        null,
        null);
  }

  @Test
  void aRecurrenceRefersToTheIncidentItRepeats() {
    var api = responder();
    var service = freshService();
    var first =
        api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING)).text("incident");
    api.post(
        "/api/v1/incidents/" + first + "/transitions",
        Map.of("event", "DISMISS", "comment", "not real"));

    advance(Duration.ofHours(1));
    var again =
        api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING)).text("incident");
    assertThat(again).isNotEqualTo(first);
    assertThat(incident(api, again).path("recurrenceOf").asString()).isEqualTo(first);

    api.post(
        "/api/v1/incidents/" + again + "/transitions",
        Map.of("event", "DISMISS", "comment", "not real"));
    advance(Duration.ofHours(25));
    var late =
        api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING)).text("incident");
    assertThat(incident(api, late).path("recurrenceOf").isNull()).isTrue();
  }

  @Test
  void aSignalIsRememberedForAsLongAsItIsKeptAndNoLonger() {
    var api = responder();
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var taken = CLOCK.instant();
    api.post("/api/v1/signals", signal);

    advance(Duration.ofSeconds(1));
    signals.forget(taken, 10_000);
    assertThat(api.post("/api/v1/signals", signal).text("effect")).isEqualTo("REPEATED");

    signals.forget(taken.plusMillis(1), 10_000);
    assertThat(api.post("/api/v1/signals", signal).text("effect")).isNotEqualTo("REPEATED");
  }

  @Test
  void whatIsNoFiniteNumberIsNoValueOfTheEvidence() {
    var service = freshService();
    var body =
        """
        {"id":"%s","fingerprint":"%s","kind":"THRESHOLD","status":"FIRING","rule":"ratio",
         "service":"%s","env":"prod","severity":"SEV3","summary":"is Infinity, more than 1",
         "at":"%s","evidence":{"expression":"a / b","value":"Infinity","threshold":1,"labels":{}}}\
        """
            .formatted(UUID.randomUUID(), service, service, CLOCK.instant());

    var id = responder().post("/api/v1/signals", body).text("incident");

    var evidence = incident(responder(), id).path("signals").path(0).path("evidence");
    assertThat(evidence.path("value").isNull()).as(evidence.toString()).isTrue();
    assertThat(evidence.path("threshold").isNumber()).isTrue();
  }

  @Test
  void signalsThatArriveInTheWrongOrderDoNotOpenAnything() {
    var api = responder();
    var service = freshService();
    var begun = CLOCK.instant();
    var ended = begun.plusSeconds(3);

    var cleared =
        api.post(
            "/api/v1/signals", signal(service, "r", SignalStatus.CLEARED, Severity.SEV2, ended));
    var fired =
        api.post(
            "/api/v1/signals", signal(service, "r", SignalStatus.FIRING, Severity.SEV2, begun));

    assertThat(cleared.status()).isEqualTo(202);
    assertThat(fired.status()).isEqualTo(202);
    assertThat(fired.text("effect")).isEqualTo("IGNORED");
    assertThat(open(service)).isEmpty();
  }

  @Test
  void aBadSignalIsRefusedWithThePathOfTheFault() {
    var api = responder();
    var good = signal(freshService(), "rule", SignalStatus.FIRING);
    var faults = new ArrayList<String>();
    for (var bad :
        List.of(
            Map.of("id", "not-a-uuid"),
            Map.of("status", "MAYBE"),
            Map.of("service", " "),
            Map.of("summary", "x".repeat(501)))) {
      var body = new LinkedHashMap<String, Object>();
      body.put("id", good.id());
      body.put("fingerprint", good.fingerprint());
      body.put("kind", "THRESHOLD");
      body.put("status", "FIRING");
      body.put("rule", "rule");
      body.put("service", good.service());
      body.put("env", "prod");
      body.put("severity", "SEV2");
      body.put("summary", "s");
      body.put("at", "2026-03-02T10:00:00Z");
      body.putAll(bad);
      var answer = api.post("/api/v1/signals", body);
      assertThat(answer.status()).isEqualTo(400);
      faults.add(answer.body().path("errors").path(0).path("path").asString());
    }

    assertThat(faults).containsExactly("id", "status", "service", "summary");
    assertThat(api.post("/api/v1/signals", "{nope").status()).isEqualTo(400);
    assertThat(open(good.service())).isEmpty();
  }
}
