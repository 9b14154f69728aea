package dev.watchtower.incident.mute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.DiscordStandIn.Fault;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who is told of what while something mutes it; with a Discord that keeps what it was sent. */
class MuteIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private static Map<String, Object> silence(String service, String duration) {
    return Map.of(
        "matchers",
        Map.of("services", List.of(service)),
        "reason",
        "deploying",
        "duration",
        duration);
  }

  private String fire(String service) {
    return responder()
        .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
        .text("incident");
  }

  private List<String> timeline(String incident) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .map(e -> e.path("summary").asString())
        .toList();
  }

  private boolean isQuiet() {
    return toBeSent() == 0;
  }

  private boolean isTold(String incident) {
    return !DISCORD.messagesWith(incident).isEmpty();
  }

  // Shop services are shared by the tests: each leaves them without an incident, and unmuted.
  @AfterEach
  void tidyUp() {
    var api = responder();
    for (var service : List.of("storefront", "checkout")) {
      open(service)
          .forEach(i ->
              api.post(
                  "/api/v1/incidents/" + i.path("id").asString() + "/transitions",
                  Map.of("event", "DISMISS", "comment", "test")));
    }
    for (var path : List.of("/api/v1/silences", "/api/v1/maintenance-windows")) {
      api.get(path)
          .body()
          .path("items")
          .forEach(rule -> api.delete(path + "/" + rule.path("id").asString()));
    }
  }

  private List<JsonNode> open(String service) {
    return responder()
        .get("/api/v1/incidents?service=" + service + "&state=OPEN,INVESTIGATING,MITIGATED")
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  @Test
  void aSilenceMutesThePageButNotTheRecordAndPeopleAreToldWhenItEnds() {
    var service = freshService();
    var made = responder().post("/api/v1/silences", silence(service, "PT10M"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("state")).isEqualTo("ACTIVE");
    assertThat(made.text("author")).isEqualTo("ann");

    var incident = fire(service);
    var loud = fire(freshService());

    soon().until(() -> isTold(loud));
    assertThat(isTold(incident)).isFalse();
    assertThat(timeline(incident)).contains("Nobody is told: muted by a silence of ann: deploying");
    assertThat(responder().get("/api/v1/muted").body().toString()).contains(incident);

    advance(Duration.ofMinutes(10));
    soon().until(() -> isTold(incident));
    assertThat(timeline(incident)).contains("No longer muted by a silence of ann: deploying");
    assertThat(responder().get("/api/v1/muted").body().toString()).doesNotContain(incident);
    assertThat(responder().get("/api/v1/silences/" + made.text("id")).text("state"))
        .isEqualTo("EXPIRED");
  }

  @Test
  void anIncidentThatEndsWhileItIsMutedIsNeverTold() {
    var service = freshService();
    var made = responder().post("/api/v1/silences", silence(service, "PT10M"));
    var incident = fire(service);
    responder()
        .post(
            "/api/v1/incidents/" + incident + "/transitions",
            Map.of("event", "DISMISS", "comment", "a deployment"));

    responder().delete("/api/v1/silences/" + made.text("id"));
    var loud = fire(service);
    soon().until(() -> isTold(loud));
    soon().until(() -> !responder().get("/api/v1/muted").body().toString().contains(incident));

    assertThat(isTold(incident)).isFalse();
  }

  @Test
  void aSignalThatTheSilenceDoesNotCoverIsToldAtOnce() {
    var service = freshService();
    responder()
        .post(
            "/api/v1/silences",
            Map.of(
                "matchers", Map.of("services", List.of(service), "rules", List.of("high-*")),
                "reason", "load test",
                "duration", "PT1H"));
    var incident = fire(service);
    assertThat(timeline(incident)).anyMatch(line -> line.startsWith("Nobody is told"));

    responder().post("/api/v1/signals", signal(service, "cpu-saturated", SignalStatus.FIRING));

    soon().until(() -> isTold(incident));
  }

  @Test
  void aSilenceThatPeopleEndEarlyEndsAtOnceAndStaysOnRecord() {
    var service = freshService();
    var made = responder().post("/api/v1/silences", silence(service, "PT10M"));
    var incident = fire(service);

    var ended = responder().delete("/api/v1/silences/" + made.text("id"));

    assertThat(ended.status()).isEqualTo(200);
    assertThat(ended.text("state")).isEqualTo("EXPIRED");
    assertThat(ended.text("endedBy")).isEqualTo("ann");
    soon().until(() -> isTold(incident));
  }

  @Test
  void aDependencyThatNobodyCouldBeToldOfMutesNothing() {
    soon().until(this::isQuiet);
    // With buttons and without.
    DISCORD.fail(new Fault.Answer(400, "{}", Map.of()), new Fault.Answer(400, "{}", Map.of()));
    var back = fire("g22-back");
    soon().until(() -> timeline(back).toString().contains("discord was not told"));
    advance(Duration.ofMinutes(3));

    var front = fire("g22-front");

    soon().until(() -> isTold(front));
    assertThat(isTold(back)).isFalse();
    assertThat(timeline(front)).noneMatch(line -> line.contains("muted"));
  }

  @Test
  void aDependencyThatPeopleWereToldOfMutesWhatDependsOnIt() {
    var back = fire("g23-back");
    soon().until(() -> isTold(back));
    advance(Duration.ofMinutes(3));

    var front = fire("g23-front");

    assertThat(timeline(front)).anyMatch(line -> line.contains("g23-front depends on g23-back"));
    assertThat(isTold(front)).isFalse();
  }

  @Test
  void anOutageThatItsSenderToldPeopleOfItselfMutesWhatDependsOnIt() {
    var down =
        new Signal(
            UUID.randomUUID(),
            "down|g24-back",
            SignalKind.SERVICE_DOWN,
            SignalStatus.FIRING,
            "g24-back",
            "g24-back",
            "prod",
            Severity.SEV2,
            "g24-back does not answer",
            CLOCK.instant().minusSeconds(20),
            null,
            CLOCK.instant().minusSeconds(10));
    var back = responder().post("/api/v1/signals", down).text("incident");
    assertThat(responder().get("/api/v1/notifications?incident=" + back).body().path("items"))
        .isEmpty();
    advance(Duration.ofMinutes(3));

    var front = fire("g24-front");

    assertThat(timeline(front)).anyMatch(line -> line.contains("g24-front depends on g24-back"));
    assertThat(isTold(front)).isFalse();
  }

  @Test
  void duringMaintenanceNothingIsToldAndNothingIsRepaired() {
    responder()
        .post(
            "/api/v1/maintenance-windows",
            Map.of(
                "matchers", Map.of("services", List.of("checkout")),
                "reason", "database upgrade",
                "recurring", Map.of("timeZone", "UTC", "at", "00:00", "duration", "PT24H"),
                "startsAt", CLOCK.instant().minus(Duration.ofDays(2))));
    var down =
        new Signal(
            UUID.randomUUID(),
            "down|checkout",
            SignalKind.SERVICE_DOWN,
            SignalStatus.FIRING,
            "checkout",
            "checkout",
            "prod",
            Severity.SEV2,
            "checkout does not answer",
            CLOCK.instant(),
            null,
            null);

    var incident = responder().post("/api/v1/signals", down).text("incident");

    soon()
        .untilAsserted(() ->
            assertThat(timeline(incident))
                .anyMatch(
                    l -> l.contains("not done (not during maintenance of ann: database upgrade")));
    assertThat(timeline(incident))
        .contains("Nobody is told: muted by maintenance of ann: database upgrade");
    assertThat(isTold(incident)).isFalse();
  }

  @Test
  void whatIsNotOverIsListedByItself() {
    var made = responder().post("/api/v1/silences", silence(freshService(), "PT10M"));
    var ended = responder().post("/api/v1/silences", silence(freshService(), "PT10M"));
    responder().delete("/api/v1/silences/" + ended.text("id"));

    assertThat(responder().get("/api/v1/silences").body().toString())
        .contains(made.text("id"), ended.text("id"));
    assertThat(responder().get("/api/v1/silences?current=true").body().toString())
        .contains(made.text("id"))
        .doesNotContain(ended.text("id"));
    advance(Duration.ofMinutes(11));
    assertThat(responder().get("/api/v1/silences?current=true").body().toString())
        .doesNotContain(made.text("id"));
  }

  @Test
  void aWindowThatRecursTellsItsStretchesOfTheLastTwoWeeksAndEndsWhereSomebodyEndedIt() {
    var made =
        responder()
            .post(
                "/api/v1/maintenance-windows",
                Map.of(
                    "matchers", Map.of("services", List.of(freshService())),
                    "reason", "weekly",
                    "recurring", Map.of("timeZone", "UTC", "at", "00:00", "duration", "PT23H59M"),
                    "startsAt", CLOCK.instant().minus(Duration.ofDays(30))));
    assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
    assertThat(made.body().path("past").size()).isBetween(13, 14);
    var path = "/api/v1/maintenance-windows/" + made.text("id");
    var active = made.body().path("active").path("from").asString("");

    advance(Duration.ofMillis(1));
    var ended = CLOCK.instant();
    responder().delete(path);
    advance(Duration.ofSeconds(1));

    var past = responder().get(path).body().path("past");
    if (!active.isEmpty()) {
      assertThat(past.path(past.size() - 1).path("from").asString()).isEqualTo(active);
      assertThat(past.path(past.size() - 1).path("to").asString()).isEqualTo(ended.toString());
    }
  }

  @Test
  void badRequestsAreRefusedWithThePathOfTheFault() {
    var matchers = Map.of("services", List.of("a"));
    for (var bad :
        List.of(
            Map.of("path", "matchers", "body", Map.of("reason", "r", "duration", "PT1H")),
            Map.of(
                "path",
                "matchers",
                "body",
                Map.of("matchers", Map.of(), "reason", "r", "duration", "PT1H")),
            Map.of("path", "reason", "body", Map.of("matchers", matchers, "duration", "PT1H")),
            Map.of("path", "endsAt", "body", Map.of("matchers", matchers, "reason", "r")),
            Map.of(
                "path",
                "duration",
                "body",
                Map.of("matchers", matchers, "reason", "r", "duration", "PT-1H")),
            Map.of(
                "path",
                "duration",
                "body",
                Map.of("matchers", matchers, "reason", "r", "duration", "P91D")),
            Map.of(
                "path",
                "recurring",
                "body",
                Map.of("matchers", matchers, "reason", "r", "recurring", Map.of())))) {
      var answer = responder().post("/api/v1/silences", bad.get("body"));
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
      var fault = answer.body().path("errors").path(0);
      assertThat(fault.path("path").asString()).isEqualTo(bad.get("path"));
      if (fault.path("path").asString().equals("duration")) {
        assertThat(fault.path("message").asString()).contains("more than nothing", "90 days");
      }
    }
    assertThat(
            responder()
                .post(
                    "/api/v1/maintenance-windows",
                    Map.of(
                        "matchers",
                        matchers,
                        "reason",
                        "r",
                        "recurring",
                        Map.of("timeZone", "Mars/North", "at", "02:00", "duration", "PT1H")))
                .body()
                .path("errors")
                .path(0)
                .path("path")
                .asString())
        .isEqualTo("recurring.timeZone");
    assertThat(responder().get("/api/v1/silences/" + UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void aWindowThatNeverComesIsRefused() {
    var now = CLOCK.instant();
    var beforeItStarts =
        Map.of("startsAt", now.plus(Duration.ofDays(60)), "endsAt", now.plus(Duration.ofDays(30)));
    var beforeItsDay = Map.of("endsAt", now.plus(Duration.ofDays(1)));
    for (var bad :
        Map.of(
                "must be after startsAt, and in the future",
                beforeItStarts,
                "no stretch begins before it",
                beforeItsDay)
            .entrySet()) {
      var window = new HashMap<String, Object>(bad.getValue());
      window.put("matchers", Map.of("services", List.of(freshService())));
      window.put("reason", "r");
      var day = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(3).getDayOfWeek();
      window.put(
          "recurring",
          Map.of("timeZone", "UTC", "days", List.of(day), "at", "02:00", "duration", "PT1H"));

      var answer = responder().post("/api/v1/maintenance-windows", window);

      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
      assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo("endsAt");
      assertThat(answer.body().toString()).contains(bad.getKey());
    }
  }
}
