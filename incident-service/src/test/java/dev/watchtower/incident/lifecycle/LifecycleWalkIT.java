package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The lifecycle through REST on real PostgreSQL, held against the published table. */
class LifecycleWalkIT extends RunningService {
  private static final int STEPS = 25;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomEventsAndSignalsFollowTheTable(long seed) {
    var random = new Random(seed);
    var service = freshService();
    var api = responder();
    var incident = open(service);
    var state = IncidentState.OPEN;
    boolean firing = true;
    var rule = "rule";
    int moves = 0;
    for (int step = 0; step < STEPS; step++) {
      advance(Duration.ofMillis(100));
      if (state == IncidentState.RESOLVED && random.nextInt(4) == 0) {
        incident = open(service);
        state = IncidentState.OPEN;
        firing = true;
        rule = "rule";
        moves = 0;
      }
      Optional<IncidentState> next;
      if (random.nextInt(4) == 0 && state != IncidentState.RESOLVED) {
        var status = firing ? SignalStatus.CLEARED : SignalStatus.FIRING;
        firing = !firing;
        // Another rule each time: one that fires again and again would flap.
        rule = firing ? "rule" + step : rule;
        var event = firing ? IncidentEvent.REGRESS : IncidentEvent.RECOVER;
        next = TransitionTable.next(state, event);
        assertThat(api.post("/api/v1/signals", signal(service, rule, status)).status())
            .isEqualTo(202);
      } else {
        var event = IncidentEvent.values()[random.nextInt(IncidentEvent.values().length)];
        next = TransitionTable.next(state, event).filter(s -> !TransitionTable.isSystemOnly(event));
        var answer = send(api, incident, event);
        check(answer, state, next);
      }
      if (next.isPresent()) {
        moves++;
        state = next.get();
      }
      var as = "seed %d, step %d".formatted(seed, step);
      assertThat(api.get("/api/v1/incidents/" + incident).text("state"))
          .as(as)
          .isEqualTo(state.name());
      assertThat(stateChanges(api, incident)).as(as).hasSize(moves);
    }
    assertThat(api.get("/api/v1/incidents/" + incident + "/timeline/verify").text("valid"))
        .isEqualTo("true");
  }

  private static void check(
      Api.Answer answer, IncidentState state, Optional<IncidentState> expected) {
    if (expected.isPresent()) {
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
      assertThat(answer.text("state")).isEqualTo(expected.get().name());
      return;
    }
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
    assertThat(answer.text("type"))
        .isEqualTo(
            state == IncidentState.RESOLVED
                ? "/problems/incident-resolved"
                : "/problems/illegal-transition");
    assertThat(names(answer.body().path("allowed")))
        .isEqualTo(TransitionTable.allowedFor(state).stream().map(Enum::name).toList());
  }

  @RepeatedTest(3)
  void ofRacingEventsOneWins() throws InterruptedException, ExecutionException {
    var api = responder();
    var incident = open(freshService());
    var start = new CountDownLatch(1);
    var racers = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      racers.add(() -> {
        start.await();
        return send(api, incident, IncidentEvent.ACKNOWLEDGE).status();
      });
    }
    var statuses = new ArrayList<Integer>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = racers.stream().map(executor::submit).toList();
      start.countDown();
      for (var racer : running) {
        statuses.add(racer.get());
      }
    }

    assertThat(statuses).filteredOn(s -> s == 200).hasSize(1);
    assertThat(statuses).filteredOn(s -> s == 409).hasSize(7);
    assertThat(stateChanges(api, incident)).hasSize(1);
  }

  private String open(String service) {
    advance(Duration.ofMillis(1));
    return responder()
        .post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING))
        .text("incident");
  }

  private static Api.Answer send(Api api, String incident, IncidentEvent event) {
    return api.post(
        "/api/v1/incidents/" + incident + "/transitions",
        Map.of("event", event.name(), "comment", "because"));
  }

  private static List<JsonNode> stateChanges(Api api, String incident) {
    return api.get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString("").equals("STATE_CHANGED"))
        .toList();
  }

  private static List<String> names(JsonNode array) {
    return array.valueStream().map(n -> n.asString("")).toList();
  }
}
