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
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** People, signals and notes on one incident at the same time. */
class ConcurrencyIT extends RunningService {
  private static final int ACTORS = 6;
  private static final int STEPS = 12;
  private static final List<IncidentEvent> EVENTS =
      List.of(
          IncidentEvent.ACKNOWLEDGE,
          IncidentEvent.INVESTIGATE,
          IncidentEvent.IDENTIFY,
          IncidentEvent.MITIGATE);

  private record Did(String what, int status) {}

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void nothingIsLostDoubledOrOutOfOrder(long seed) throws InterruptedException, ExecutionException {
    var api = responder();
    var service = freshService();
    var incident =
        api.post("/api/v1/signals", signal(service, "rule", SignalStatus.FIRING)).text("incident");
    var all = new ArrayList<Did>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<List<Did>>>();
      for (int actor = 0; actor < ACTORS; actor++) {
        var random = new Random(seed * 100 + actor);
        running.add(executor.submit(() -> act(api, service, incident, random)));
      }
      for (var one : running) {
        all.addAll(one.get());
      }
    }

    assertThat(all).as("seed %d", seed).noneMatch(d -> d.status() >= 500);
    var timeline =
        api.get("/api/v1/incidents/" + incident + "/timeline")
            .body()
            .path("items")
            .valueStream()
            .toList();
    assertThat(kind(timeline, "ANNOTATION").stream().filter(c -> actor(c).equals("ann")))
        .hasSameSizeAs(done(all, "note", 201));
    var changes = kind(timeline, "STATE_CHANGED");
    assertThat(changes.stream().filter(c -> actor(c).equals("ann")))
        .hasSameSizeAs(done(all, "event", 200));
    var state = IncidentState.OPEN;
    for (var change : changes) {
      var data = change.path("data");
      assertThat(data.path("from").asString()).isEqualTo(state.name());
      var event = IncidentEvent.valueOf(data.path("event").asString());
      state = TransitionTable.next(state, event).orElseThrow();
    }
    assertThat(api.get("/api/v1/incidents/" + incident).text("state")).isEqualTo(state.name());
    assertThat(
            api.get("/api/v1/incidents/" + incident + "/timeline/verify")
                .body()
                .path("valid")
                .asBoolean())
        .isTrue();
  }

  @Test
  void aClickIsNotRefusedBecauseWhatIsNotItsStateIsStoredAnewAllTheTime() {
    var api = responder();
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    var incident = api.post("/api/v1/signals", signal).text("incident");
    var goOn = new AtomicBoolean(true);
    try (var storm = Executors.newVirtualThreadPerTaskExecutor()) {
      // What a storm of signals does to the row, as fast as the database can.
      var unused =
          storm.submit(() -> {
            while (goOn.get()) {
              jdbc.sql("update incident set version = version + 1 where id = ?")
                  .param(UUID.fromString(incident))
                  .update();
            }
          });
      try {
        for (var event : EVENTS) {
          send(incident, event.name());
        }
      } finally {
        // Else closing it would wait for the storm for ever.
        goOn.set(false);
      }
    }
  }

  private static List<Did> act(Api api, String service, String incident, Random random) {
    var did = new ArrayList<Did>();
    var path = "/api/v1/incidents/" + incident;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(4)) {
        case 0 ->
            did.add(
                new Did(
                    "note",
                    api.post(path + "/annotations", Map.of("text", "note " + step)).status()));
        case 1 -> {
          var status = random.nextBoolean() ? SignalStatus.FIRING : SignalStatus.CLEARED;
          CLOCK.advance(Duration.ofMillis(1));
          did.add(
              new Did(
                  "signal", api.post("/api/v1/signals", signal(service, "rule", status)).status()));
        }
        default -> {
          var event = EVENTS.get(random.nextInt(EVENTS.size()));
          did.add(
              new Did(
                  "event",
                  api.post(path + "/transitions", Map.of("event", event.name())).status()));
        }
      }
    }
    return did;
  }

  private static List<Did> done(List<Did> all, String what, int status) {
    return all.stream().filter(d -> d.what().equals(what) && d.status() == status).toList();
  }

  private static List<JsonNode> kind(List<JsonNode> timeline, String kind) {
    return timeline.stream().filter(e -> e.path("kind").asString().equals(kind)).toList();
  }

  private static String actor(JsonNode entry) {
    return entry.path("actor").path("name").asString();
  }
}
