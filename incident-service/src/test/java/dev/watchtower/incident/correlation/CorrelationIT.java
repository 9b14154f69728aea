package dev.watchtower.incident.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Services {@code gN-front → gN-mid → gN-back}; each test has its own N. */
class CorrelationIT extends RunningCorrelation {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }

  private String clear(String service, String rule) {
    return responder()
        .post("/api/v1/signals", signal(service, rule, SignalStatus.CLEARED))
        .text("incident");
  }

  private List<JsonNode> of(String service) {
    return responder()
        .get("/api/v1/incidents?service=" + service)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  @Test
  void theCallersSignalJoinsWithTheReasonOnTheTimeline() {
    var back = fire("g1-back", "r");
    advance(Duration.ofSeconds(4));

    assertThat(fire("g1-front", "r")).isEqualTo(back);

    assertThat(incident(back).path("service").asString()).isEqualTo("g1-back");
    assertThat(incident(back).path("signals")).hasSize(2);
    assertThat(timeline(back)).contains("joined: g1-front depends on g1-back, 4 s apart");
  }

  @Test
  void whenTheCallersSignalCameFirstTheIncidentBecomesTheCallees() {
    var front = fire("g2-front", "r");
    advance(Duration.ofSeconds(1));
    assertThat(fire("g2-mid", "r")).isEqualTo(front);
    assertThat(fire("g2-back", "r")).isEqualTo(front);

    assertThat(of("g2-back")).hasSize(1);
    assertThat(of("g2-front")).isEqualTo(of("g2-back"));
    var incident = incident(front);
    assertThat(incident.path("service").asString()).isEqualTo("g2-back");
    assertThat(incident.path("title").asString()).startsWith("g2-back");
    assertThat(timeline(front))
        .contains("joined, and from now on about g2-mid: g2-front depends on g2-mid, 1 s apart")
        .contains("joined, and from now on about g2-back: g2-mid depends on g2-back, 0 s apart");
    assertThat(
            responder()
                .get("/api/v1/incidents/" + front + "/timeline/verify")
                .body()
                .path("valid")
                .asBoolean())
        .isTrue();
    soon()
        .untilAsserted(() -> {
          var messages = List.copyOf(DISCORD.messagesWith(front).values());
          assertThat(messages).hasSize(1);
          assertThat(messages.getFirst().path("embeds").path(0).path("title").asString())
              .matches("#\\d+ g2\\W+back\\W.*");
        });
  }

  @Test
  void aLessSevereSignalOfTheCalleeJoinsAndTheIncidentStaysAboutTheCaller() {
    var front = fire("g15-front", "r");

    assertThat(fire("g15-back", "slow", Severity.SEV3)).isEqualTo(front);

    assertThat(incident(front).path("service").asString()).isEqualTo("g15-front");
    assertThat(incident(front).path("severity").asString()).isEqualTo("SEV2");
    assertThat(timeline(front)).contains("joined: g15-front depends on g15-back, 0 s apart");
  }

  @Test
  void anIncidentMovesDownTheCallsToTheServiceThatTheStatisticsSuspectFirst() {
    var front = fire("g16-front", "r");
    fire("g16-back", "slow", Severity.SEV3);

    analyse(front, "g16-mid");
    assertThat(incident(front).path("service").asString())
        .as("a suspect that fires nothing")
        .isEqualTo("g16-front");
    analyse(front, "g16-back");

    assertThat(incident(front).path("service").asString()).isEqualTo("g16-back");
    assertThat(incident(front).path("title").asString()).startsWith("g16-back");
    assertThat(timeline(front))
        .contains(
            "from now on about g16-back: the analysis suspects it first, and g16-front depends on it");
    analyse(front, "g16-front");
    assertThat(incident(front).path("service").asString())
        .as("never up the calls")
        .isEqualTo("g16-back");
  }

  @Test
  void anAnalysisIsTakenAlsoWhileItsSuspectHasAnIncidentOfItsOwn() {
    var front = fire("g18-front", "r");
    fire("g18-back", "slow", Severity.SEV3);
    var own =
        responder()
            .post(
                "/api/v1/incidents",
                Map.of("title", "x", "service", "g18-back", "env", "prod", "severity", "SEV2"));
    assertThat(own.status()).as(own.body().toString()).isEqualTo(201);

    analyse(front, "g18-back");

    assertThat(incident(front).path("service").asString()).isEqualTo("g18-front");
    assertThat(timeline(front)).contains("Most suspicious: latency_p95 of g18-back");
  }

  private void analyse(String incident, String suspect) {
    var analysis =
        new AnalysisView(
            UUID.randomUUID(),
            UUID.fromString(incident),
            AnalysisView.Status.DONE,
            AnalysisView.Source.STATISTICAL,
            null,
            List.of(new AnalysisView.Candidate(suspect, "latency_p95", 9, List.of("e1"))),
            List.of(),
            List.of(),
            null,
            List.of(),
            null,
            0,
            12,
            CLOCK.instant());
    assertThat(
            asService("analysis", Scope.ANALYSIS_WRITE)
                .post("/api/v1/incidents/" + incident + "/analysis", analysis)
                .status())
        .isEqualTo(202);
  }

  @Test
  void theIncidentIsOverWhenAllItsSignalsAreWhoeverTheyCameFrom() {
    var id = fire("g3-front", "r");
    fire("g3-back", "r");

    assertThat(clear("g3-back", "r")).isEqualTo(id);
    assertThat(incident(id).path("state").asString()).isEqualTo("OPEN");
    assertThat(clear("g3-front", "r")).isEqualTo(id);
    assertThat(incident(id).path("state").asString()).isEqualTo("MITIGATED");

    advance(Duration.ofSeconds(1));
    assertThat(fire("g3-front", "r")).isEqualTo(id);
    assertThat(incident(id).path("state").asString()).isEqualTo("INVESTIGATING");
  }

  @Test
  void whatACallerShowsAfterTheCalleesIncidentIsOverIsTroubleOfItsOwn() {
    var first = fire("g14-back", "r");
    assertThat(fire("g14-mid", "r")).isEqualTo(first);
    clear("g14-mid", "r");
    clear("g14-back", "r");
    assertThat(incident(first).path("state").asString()).isEqualTo("MITIGATED");

    advance(Duration.ofSeconds(31));
    var second = fire("g14-mid", "r");

    assertThat(second).isNotEqualTo(first);
    assertThat(incident(second).path("service").asString()).isEqualTo("g14-mid");
    assertThat(incident(first).path("state").asString()).isEqualTo("MITIGATED");
    assertThat(fire("g14-front", "r")).isEqualTo(second);
    assertThat(clear("g14-mid", "r")).isEqualTo(second);
    assertThat(fire("g14-back", "r")).isEqualTo(first);
    assertThat(incident(first).path("state").asString()).isEqualTo("INVESTIGATING");
  }

  @Test
  void whatComesTooLateStandsForItselfAndIsMutedByTheDependencyThatFails() {
    var back = fire("g4-back", "r");
    advance(Duration.ofMinutes(3));

    var front = fire("g4-front", "r");

    assertThat(front).isNotEqualTo(back);
    assertThat(timeline(front))
        .contains("Nobody is told: muted by incident #")
        .contains("g4-front depends on g4-back, which fails");
    responder()
        .post(
            "/api/v1/incidents/" + back + "/transitions",
            Map.of("event", "DISMISS", "comment", "not it"));
    soon().until(() -> !DISCORD.messagesWith(front).isEmpty());
  }

  @Test
  void aRecurrenceRefersToTheJointIncident() {
    var first = fire("g5-front", "r");
    fire("g5-back", "r");
    responder()
        .post(
            "/api/v1/incidents/" + first + "/transitions",
            Map.of("event", "DISMISS", "comment", "not real"));
    advance(Duration.ofMinutes(10));

    var again = fire("g5-front", "r");

    assertThat(again).isNotEqualTo(first);
    assertThat(incident(again).path("recurrenceOf").asString()).isEqualTo(first);
  }

  @Test
  void aStormGivesOneIncidentPerClusterAndFewMessages()
      throws InterruptedException, ExecutionException {
    int before = DISCORD.calls().size();
    var work = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 500; i++) {
      var service = "g%d-%s".formatted(6 + i % 5, List.of("front", "mid", "back").get(i / 5 % 3));
      var signal = signal(service, "rule" + i, SignalStatus.FIRING);
      work.add(() -> responder().post("/api/v1/signals", signal).status());
    }
    try (var executor = Executors.newFixedThreadPool(16)) {
      for (var answer : executor.invokeAll(work)) {
        assertThat(answer.get()).isEqualTo(202);
      }
    }

    for (int group = 6; group <= 10; group++) {
      var all = of("g%d-back".formatted(group));
      assertThat(of("g%d-mid".formatted(group))).isEqualTo(all);
      assertThat(of("g%d-front".formatted(group))).isEqualTo(all);
      assertThat(all).hasSize(1);
      assertThat(all.getFirst().path("service").asString()).isEqualTo("g%d-back".formatted(group));
      assertThat(all.getFirst().path("signals")).hasSize(100);
    }
    soon().until(() -> toBeSent() == 0);
    var posts =
        DISCORD.calls().stream().skip(before).filter(c -> c.method().equals("POST")).count();
    assertThat(posts).isBetween(5L, 5L + 5);
  }
}
