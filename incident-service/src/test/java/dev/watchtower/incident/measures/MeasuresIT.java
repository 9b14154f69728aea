package dev.watchtower.incident.measures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MeasuresIT extends RunningService {
  private String open(String service, int detectedAfterSeconds) {
    var at = CLOCK.instant();
    advance(Duration.ofSeconds(detectedAfterSeconds));
    return responder()
        .post(
            "/api/v1/signals", signal(service, "rule" + at, SignalStatus.FIRING, Severity.SEV2, at))
        .text("incident");
  }

  private void run(String service, int detect, int acknowledge, int mitigate, int resolve) {
    var incident = open(service, detect);
    advance(Duration.ofSeconds(acknowledge));
    send(incident, "ACKNOWLEDGE");
    advance(Duration.ofSeconds(mitigate - acknowledge));
    send(incident, "MITIGATE");
    advance(Duration.ofSeconds(resolve - mitigate));
    send(incident, "RESOLVE");
    // Its signal fires still, and would join the next one of the service in two minutes.
    nothingIsKept();
  }

  @Test
  void timesAndNoiseAreTakenFromWhatHappened() {
    var service = freshService();
    run(service, 4, 60, 300, 900);
    run(service, 6, 120, 500, 1100);
    var noise = open(service, 5);
    advance(Duration.ofSeconds(7));
    send(noise, "ACKNOWLEDGE");
    assertTime(
        responder()
            .get("/api/v1/measures?service=" + service)
            .body()
            .path("all")
            .path("timeToAcknowledge"),
        3,
        62.333);
    send(noise, "DISMISS");
    open(service, 5);

    var body = responder().get("/api/v1/measures?service=" + service).body();

    assertThat(body.path("items")).hasSize(1);
    var line = body.path("items").path(0);
    assertThat(line.path("service").asString()).isEqualTo(service);
    assertThat(line.path("severity").asString()).isEqualTo("SEV2");
    assertThat(line.path("count").asInt()).isEqualTo(4);
    assertThat(line.path("unresolved").asInt()).isEqualTo(1);
    assertThat(line.path("noiseRatio").asDouble()).isEqualTo(0.25);
    assertTime(line.path("timeToDetect"), 4, 5);
    assertTime(line.path("timeToAcknowledge"), 2, 90);
    assertTime(line.path("timeToMitigate"), 2, 400);
    assertTime(line.path("timeToResolve"), 2, 1000);
    assertThat(body.path("all").path("count").asInt()).isEqualTo(4);
    assertThat(body.path("all").path("service").isNull()).isTrue();
  }

  @Test
  void theTimeToDetectIsOfTheSignalThatOpenedIt() {
    var service = freshService();
    var at = CLOCK.instant();
    advance(Duration.ofSeconds(7));
    responder()
        .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING, Severity.SEV2, at));
    // It fires again: the time of the signal moves on.
    advance(Duration.ofSeconds(30));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));
    advance(Duration.ofSeconds(30));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING));
    // One that was declared detected nothing, whatever joins it with an older time.
    var declared = freshService();
    responder()
        .post(
            "/api/v1/incidents",
            Map.of("title", "odd", "service", declared, "env", "prod", "severity", "SEV2"));
    open(declared, 0);
    responder()
        .post(
            "/api/v1/signals",
            signal(
                declared,
                "old",
                SignalStatus.FIRING,
                Severity.SEV2,
                CLOCK.instant().minusSeconds(90)));

    var of = "/api/v1/measures?service=";
    assertTime(
        responder().get(of + service).body().path("items").path(0).path("timeToDetect"), 1, 7);
    assertThat(responder().get(of + declared).body().path("all").path("count").asInt())
        .isEqualTo(1);
    assertThat(
            responder()
                .get(of + declared)
                .body()
                .path("all")
                .path("timeToDetect")
                .path("count")
                .asInt())
        .isZero();
  }

  private static void assertTime(JsonNode time, int count, double mean) {
    assertThat(time.path("count").asInt()).isEqualTo(count);
    assertThat(time.path("mean").asDouble()).isCloseTo(mean, within(0.001));
  }

  @Test
  void nothingGivesZeroesAndNullsNotAFault() {
    var body = responder().get("/api/v1/measures?service=" + freshService()).body();

    assertThat(body.path("items").isEmpty()).isTrue();
    assertThat(body.path("all").path("count").asInt()).isZero();
    assertThat(body.path("all").path("noiseRatio").isNull()).isTrue();
    assertThat(body.path("all").path("timeToResolve").path("p50").isNull()).isTrue();
  }

  @Test
  void theSameAreMetrics() {
    run(freshService(), 4, 60, 300, 900);

    assertThat(responder().text("/metrics", "text/plain").body())
        .contains("watchtower_incident_time_to_acknowledge_seconds_count")
        .contains("watchtower_incident_time_to_resolve_seconds_sum");
  }

  private double metric(String name, String service) {
    return responder()
        .text("/metrics", "text/plain")
        .body()
        .lines()
        .filter(line ->
            line.startsWith("watchtower_incident_" + name + "{")
                && line.contains("service=\"" + service + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void theMetricsSayTheSameAsTheApiOfRelapsesAndMerges() {
    var service = "measured";
    double opened = metric("opened_total", service);
    double dismissed = metric("dismissed_total", service);
    double acknowledged = metric("time_to_acknowledge_seconds_count", service);
    double mitigated = metric("time_to_mitigate_seconds_count", service);
    double seconds = metric("time_to_mitigate_seconds_sum", service);
    var relapsing = open(service, 0);
    send(relapsing, "ACKNOWLEDGE");
    advance(Duration.ofSeconds(10));
    send(relapsing, "MITIGATE");
    advance(Duration.ofSeconds(10));
    assertThat(open(service, 0)).as("it relapses").isEqualTo(relapsing);
    advance(Duration.ofSeconds(10));
    send(relapsing, "MITIGATE");
    send(relapsing, "RESOLVE");

    var merged = open(service, 0);
    responder()
        .post(
            "/api/v1/incidents/" + merged + "/merge",
            Map.of("into", open(freshService(), 0), "comment", "same"));

    advance(Duration.ofSeconds(1));
    assertThat(metric("opened_total", service) - opened).isEqualTo(2);
    assertThat(metric("dismissed_total", service) - dismissed).isZero();
    assertThat(metric("time_to_mitigate_seconds_count", service) - mitigated).isEqualTo(1);
    assertThat(metric("time_to_mitigate_seconds_sum", service) - seconds)
        .isCloseTo(30, within(0.001));
    var noise = open(service, 0);
    advance(Duration.ofSeconds(1));
    send(noise, "ACKNOWLEDGE");
    send(noise, "DISMISS");
    assertThat(metric("dismissed_total", service) - dismissed).isEqualTo(1);
    assertThat(metric("time_to_acknowledge_seconds_count", service) - acknowledged)
        .as("of the relapsing one only")
        .isEqualTo(1);
  }

  @Test
  void aStretchThatEndsBeforeItBeginsIsRefused() {
    assertThat(
            responder()
                .get("/api/v1/measures?from=2026-03-02T10:00:00Z&to=2026-03-01T10:00:00Z")
                .status())
        .isEqualTo(400);
  }
}
