package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Two processes of the service on one database, of which one is killed with SIGKILL in the middle
 * of its work while the other goes on: what they accepted is there, once; escalations and messages
 * go on where they stood. docs/lifecycle.md has the command for more rounds.
 */
class KillIT {
  private static final int ROUNDS = Integer.getInteger("watchtower.kill.rounds", 1);
  private static final int WORKERS = 3;

  // A step finds Discord away where that has failed for long enough.
  private static final List<String> STEPS = List.of("TOLD", "NOBODY");
  private static final int ENOUGH = 12;
  private static final String POLICIES =
      """
        policies:
          - {name: worst, severities: [SEV1], steps: [{after: 1s, people: [boss]}]}
      """
          .stripTrailing();

  private final Clock clock = clock();
  private final Map<String, List<String>> acceptedNotes = new ConcurrentHashMap<>();
  private final AtomicBoolean goOn = new AtomicBoolean(true);
  private final AtomicInteger accepted = new AtomicInteger();
  // How much may still be done: workers do not run ahead while a process starts.
  private final Semaphore leave = new Semaphore(0);

  @SystemEdge("the processes are real")
  private static Clock clock() {
    return Clock.systemUTC();
  }

  @Test
  void nothingAcceptedIsLostAndNothingIsToldTwice() throws Exception {
    var discord = new UnreliableDiscord(1);
    var world = ServiceInstance.World.of(new TestKeys(), clock, discord.url(), POLICIES);
    try (var first = new ServiceProcess(world);
        var second = new ServiceProcess(world);
        var workers = Executors.newFixedThreadPool(WORKERS)) {
      var services = List.of(first, second);
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        workers.submit(() -> work(services, worker));
      }
      try {
        killAgainAndAgain(services, discord);
      } finally {
        // Else closing the workers would wait for them for ever.
        goOn.set(false);
        leave.release(WORKERS);
      }
      workers.shutdown();
      assertThat(workers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      check(second.api(), discord);
    } finally {
      discord.close();
    }
  }

  private void killAgainAndAgain(List<ServiceProcess> services, UnreliableDiscord discord)
      throws InterruptedException {
    for (int round = 0; round <= ROUNDS; round++) {
      int before = accepted.get();
      // Twice as much as is waited for: the kill comes in the middle, and the other goes on.
      leave.release(2 * ENOUGH);
      await("work goes on")
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> accepted.get() >= before + ENOUGH);
      if (round < ROUNDS) {
        discord.failAtRandom(2);
        services.get(round % services.size()).killAndStart();
      }
    }
  }

  private void check(Api api, UnreliableDiscord discord) {
    var after = new Aftermath(api, discord);
    var incidents = new ArrayList<String>();
    acceptedNotes.forEach((service, notes) -> {
      var found = api.get("/api/v1/incidents?service=" + service).body().path("items");
      assertThat(found.size()).as("one incident of " + service).isEqualTo(1);
      var id = found.get(0).path("id").asString();
      incidents.add(id);
      if (service.endsWith("s")) {
        await("the escalation of " + service)
            .atMost(Duration.ofSeconds(20))
            .until(() -> !Aftermath.of(after.timeline(id), "ESCALATION").isEmpty());
      }
    });
    after.checkMessages(incidents);
    int i = 0;
    for (var service : acceptedNotes.keySet()) {
      var entries = after.checkedTimeline(incidents.get(i++));
      assertThat(Aftermath.of(entries, "SIGNAL_FIRED")).as(service).hasSize(1);
      var texts =
          Aftermath.of(entries, "ANNOTATION").stream()
              .map(e -> e.path("data").path("text").asString())
              .toList();
      assertThat(texts).as(service).containsAll(acceptedNotes.get(service));
      assertThat(new HashSet<>(texts)).as("none twice").hasSameSizeAs(texts);
      assertThat(
              Aftermath.of(entries, "ESCALATION").stream()
                  .filter(e -> STEPS.contains(e.path("data").path("result").asString())))
          .as("escalated once: " + service)
          .hasSize(service.endsWith("s") ? 1 : 0);
    }
  }

  private void work(List<ServiceProcess> services, int worker) {
    for (int i = 0; mayGoOn(); i++) {
      // Every third one escalates.
      boolean severe = i % 3 == 0;
      var service = "k" + worker + "-" + i + (severe ? "s" : "n");
      var signal =
          new Signal(
              UUID.randomUUID(),
              "rule|" + service,
              SignalKind.THRESHOLD,
              SignalStatus.FIRING,
              "rule",
              service,
              "prod",
              severe ? Severity.SEV1 : Severity.SEV3,
              "it is wrong",
              clock.instant(),
              null,
              null);
      // As an outbox does: the same signal until it is taken, here by whichever is there.
      var api = firstThatTakes(services, i, signal);
      acceptedNotes.put(service, new ArrayList<>());
      accepted.incrementAndGet();
      var text = "note of " + service;
      if (isTaken(
          () -> {
            var id =
                api.get("/api/v1/incidents?service=" + service)
                    .body()
                    .path("items")
                    .path(0)
                    .path("id")
                    .asString();
            return api.post("/api/v1/incidents/" + id + "/annotations", Map.of("text", text));
          })) {
        acceptedNotes.get(service).add(text);
      }
    }
  }

  private static Api firstThatTakes(List<ServiceProcess> services, int from, Signal signal) {
    for (int turn = from; ; turn++) {
      var api = services.get(turn % services.size()).api();
      if (isTaken(() -> api.post("/api/v1/signals", signal))) {
        return api;
      }
    }
  }

  private boolean mayGoOn() {
    leave.acquireUninterruptibly();
    return goOn.get();
  }

  private static boolean isTaken(Supplier<Api.Answer> call) {
    try {
      return call.get().status() / 100 == 2;
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
