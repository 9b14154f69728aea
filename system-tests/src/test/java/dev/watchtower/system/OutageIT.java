package dev.watchtower.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything but monitor-service is killed at once, and nothing that was acknowledged is lost. */
@ExtendWith(Suite.class)
class OutageIT {
  private static final List<String> VICTIMS =
      List.of("ingest", "incident", "analysis", "chaos", "postgres");

  /** Those that stay away for long; PostgreSQL is back before anybody has to be told. */
  private static final List<String> KEPT_DOWN = List.of("ingest", "incident", "analysis", "chaos");

  private static final Duration QUICK = Duration.ofMillis(300);

  @Test
  void monitorStaysUpAndNothingAcknowledgedIsLost() throws Exception {
    awaitHealthy(120);
    var incident =
        Suite.post(
            "incident",
            "/api/v1/incidents",
            "{\"title\":\"declared before the outage\",\"service\":\"storefront\",\"env\":\"staging\",\"severity\":\"SEV3\"}");
    var id = incident.path("id").asString();
    Suite.post(
        "incident", "/api/v1/incidents/" + id + "/transitions", "{\"event\":\"ACKNOWLEDGE\"}");
    var signal = UUID.randomUUID();
    Suite.post("incident", "/api/v1/signals", signal(signal));
    int cardsBefore = Suite.DISCORD.requests().size();

    var sender = new Sender();
    var thread = Thread.ofPlatform().start(sender);
    Shop.soon(20).until(() -> sender.acknowledged.get() > 20);
    assertThat(kill(VICTIMS)).as("killed at once").containsExactlyInAnyOrderElementsOf(VICTIMS);

    for (int i = 0; i < 10; i++) {
      for (var path : List.of("/status", "/api/v2/summary.json", "/incidents", "/uptime-history")) {
        assertQuick(path);
      }
    }
    // The supervisor starts them again within seconds; killed as often as they come up, they stay
    // away for long enough that people have to be told of each.
    Shop.soon(90)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          kill(KEPT_DOWN);
          assertQuick("/status");
          return KEPT_DOWN.stream().allMatch(v -> told(v + "-service", cardsBefore) > 0);
        });
    var health = Suite.get("monitor", "/bff/health").toString();
    assertThat(health).as("what is down is said, and since when").contains("DOWN", "since");

    awaitHealthy(180);
    Shop.soon(60).until(() -> sender.acknowledged.get() > 60);
    sender.stop.set(true);
    thread.join();

    assertThat(Suite.get("incident", "/api/v1/incidents/" + id).path("state").asString())
        .isEqualTo("ACKNOWLEDGED");
    assertThat(Suite.send("POST", "incident", "/api/v1/signals", signal(signal)).statusCode())
        .as("the signal is known")
        .isEqualTo(200);
    assertThat(sender.firstLost())
        .as("the first acknowledged sample that is missing")
        .isEqualTo(-1);
    Shop.soon(60)
        .untilAsserted(() ->
            assertThat(Suite.get("monitor", "/bff/health").toString()).doesNotContain("\"DOWN\""));
    for (var victim : KEPT_DOWN) {
      assertThat(told(victim + "-service", cardsBefore))
          .as("messages that say %s is down", victim)
          .isEqualTo(1);
    }
    assertThat(told("postgresql", cardsBefore)).isLessThanOrEqualTo(1);
  }

  /** Messages since {@code from} that tell that the service is down, whoever sent them. */
  private static long told(String service, int from) {
    return Suite.DISCORD.requests().stream()
        .skip(from)
        .filter(r -> r.method().equals("POST"))
        .map(request -> request.text().replace("\\", ""))
        .filter(text ->
            text.contains(service + " is down") || text.contains(service + " does not answer"))
        .filter(text -> !text.toLowerCase(Locale.ROOT).contains("resolved"))
        .count();
  }

  /** Kills those victims that run with {@code kill -9}, and says which. */
  private static List<String> kill(List<String> victims) throws IOException, InterruptedException {
    var running = Suite.processes();
    return victims.stream()
        .filter(running::containsKey)
        .filter(v -> running.get(v).pid() > 0)
        .filter(v ->
            ProcessHandle.of(running.get(v).pid())
                .map(ProcessHandle::destroyForcibly)
                .orElse(false))
        .toList();
  }

  private static String signal(UUID id) {
    return """
    {"id":"%s","fingerprint":"outage-test","kind":"EXTERNAL","status":"FIRING","rule":"outage-test",
     "service":"storefront","env":"staging","severity":"SEV3","summary":"before the outage",
     "at":"2026-01-01T00:00:00Z","evidence":null,"deliverBy":null}\
    """
        .formatted(id);
  }

  /** Every two seconds: each look is a JVM of its own. */
  private static void awaitHealthy(int seconds) {
    Shop.soon(seconds).pollInterval(Duration.ofSeconds(2)).until(OutageIT::isHealthy);
  }

  private static boolean isHealthy() {
    try {
      var now = Suite.processes();
      return VICTIMS.stream()
          .allMatch(v -> now.containsKey(v) && now.get(v).state().equals("healthy"));
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void assertQuick(String path) throws IOException, InterruptedException {
    long from = System.nanoTime();
    var answer = Suite.send("GET", "monitor", path, "");
    var took = Duration.ofNanos(System.nanoTime() - from);

    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    assertThat(took).as(path).isLessThan(QUICK);
  }

  /** Sends one sample after the other, numbered, and remembers those that were acknowledged. */
  private static final class Sender implements Runnable {
    final AtomicBoolean stop = new AtomicBoolean();
    final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicLong last = new AtomicLong();
    private final java.util.BitSet accepted = new java.util.BitSet();
    private final long first = Clock.tickMillis(java.time.ZoneOffset.UTC).millis() - 60_000;

    @Override
    public void run() {
      int number = 0;
      while (!stop.get()) {
        var body =
            "{\"samples\":[{\"service\":\"outage\",\"env\":\"test\",\"name\":\"outage_test\",\"labels\":{},\"ts\":%d,\"value\":%d}]}"
                .formatted(first + number, number);
        try {
          var request =
              HttpRequest.newBuilder(URI.create(Suite.url("ingest") + "/api/v1/metrics"))
                  .timeout(Duration.ofSeconds(5))
                  .header("Authorization", "Bearer " + Suite.token())
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build();
          if (Suite.HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100
              == 2) {
            accepted.set(number);
            acknowledged.incrementAndGet();
            last.set(number);
            number++;
          }
        } catch (IOException e) {
          // Not acknowledged, so the same sample is sent again, as any sender does.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    /**
     * The number of the first acknowledged sample that a query does not find; -1 if none is
     * missing.
     */
    int firstLost() throws IOException, InterruptedException {
      double end = (first + last.get() + 1) / 1000.0;
      int seconds = (int) (last.get() / 1000) + 2;
      var found = new java.util.BitSet();
      var answer =
          Suite.get(
              "ingest",
              "/api/v1/query?query=outage_test%5B"
                  + seconds
                  + "s%5D&time="
                  + String.format(Locale.ROOT, "%.3f", end));
      for (var series : answer.path("data").path("result")) {
        for (var value : series.path("values")) {
          found.set((int) Double.parseDouble(value.path(1).asString()));
        }
      }
      var lost = (java.util.BitSet) accepted.clone();
      lost.andNot(found);
      return lost.nextSetBit(0);
    }
  }
}
