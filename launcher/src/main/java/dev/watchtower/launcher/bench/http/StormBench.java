package dev.watchtower.launcher.bench.http;

import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.StormPlan;
import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A storm of alerts against a private database and incident-service: each signal is sent at its
 * moment, whether the ones before were answered or not (up to a number at a time, as senders with
 * outboxes do), and its latency counts from that moment until the answer that names the incident,
 * which is stored by then. Discord is a stand-in in this process.
 */
public final class StormBench {
  private static final int WARM_UP = 300;
  private static final Duration CALM_LIMIT = Duration.ofMinutes(2);

  /**
   * What came of it.
   *
   * @param latencies of the signals that were taken, from the moment at which each was due
   * @param refused how many were not taken
   * @param sending how long it took to have all of them answered
   * @param incidents how many there are afterwards
   * @param posts new messages at the stand-in
   * @param edits edits of them
   * @param growth bytes by which the database's files grew
   * @param cpu processor time of incident-service and its database until all were answered
   */
  public record Result(
      Latencies latencies,
      int refused,
      Duration sending,
      int incidents,
      int posts,
      int edits,
      long growth,
      Duration cpu) {}

  private final BenchSuite suites;
  private final Clock clock;
  private final Consumer<String> progress;
  private final int atOnce;

  /**
   * A bench on suites of {@code suites}.
   *
   * @param atOnce how many signals are under way at most
   */
  public StormBench(BenchSuite suites, int atOnce, Clock clock, Consumer<String> progress) {
    this.suites = suites;
    this.atOnce = atOnce;
    this.clock = clock;
    this.progress = progress;
  }

  /** Sends the plan's signals within {@code over}. */
  public Result run(StormPlan plan, Duration over) throws IOException, InterruptedException {
    try (var discord = new DiscordStandIn();
        var suite =
            suites.start(
                List.of(Component.INCIDENT),
                plan.catalog(discord.url()),
                Map.of("DISCORD_WEBHOOK_URL", discord.url(), "OPENAI_API_KEY", ""))) {
      var tokens = suite.running().tokens();
      var call =
          new JsonCall(
              "http://127.0.0.1:" + suite.plan().port(Component.INCIDENT),
              () -> tokens.tokenFor(Component.INCIDENT.id()),
              Duration.ofSeconds(30));
      warmUp(sender(suite));
      // What is told of the warm-up belongs to no storm.
      awaitCalm(call);
      discord.forget();
      long before = sizeOf(suites.ownLayout().postgres().resolve("data").resolve("base"));
      progress.accept("  the storm begins");
      var storm = new Storm(sender(suite), atOnce);
      Duration cpu;
      try (var usage = new Usage(pids(suite))) {
        var used = usage.cpu();
        storm.send(plan.signalsAt(clock.instant()), over);
        cpu = usage.cpu().minus(used);
      }
      progress.accept("  all are answered, waiting until everybody is told");
      awaitCalm(call);
      return new Result(
          new Latencies(List.copyOf(storm.taken)),
          storm.refused.get(),
          storm.took,
          incidents(call),
          discord.posts(),
          discord.edits(),
          sizeOf(suites.ownLayout().postgres().resolve("data").resolve("base")) - before,
          cpu);
    }
  }

  private SignalSender sender(BenchSuite.Started suite) {
    var tokens = suite.running().tokens();
    return new SignalSender(
        suite.plan().port(Component.INCIDENT),
        () -> tokens.tokenFor(Component.INCIDENT.id()),
        atOnce);
  }

  private static List<Long> pids(BenchSuite.Started suite) {
    return suite.running().supervisor().processes().stream()
        .map(process -> process.pid())
        .filter(pid -> pid != null)
        .toList();
  }

  /** The storm itself. */
  private static final class Storm {
    private final SignalSender sender;
    private final Semaphore slots;
    private final ConcurrentLinkedQueue<Duration> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private Duration took = Duration.ZERO;

    Storm(SignalSender sender, int atOnce) {
      this.sender = sender;
      this.slots = new Semaphore(atOnce);
    }

    void send(List<Signal> signals, Duration over) throws InterruptedException {
      long begun = System.nanoTime();
      double gap = over.toNanos() / (double) signals.size();
      try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < signals.size(); i++) {
          long due = begun + (long) (i * gap);
          pauseUntil(due);
          slots.acquire();
          var signal = signals.get(i);
          senders.execute(() -> {
            post(signal, due);
            slots.release();
          });
        }
      }
      took = Duration.ofNanos(System.nanoTime() - begun);
    }

    private void post(Signal signal, long due) {
      try {
        sender.send(signal);
        taken.add(Duration.ofNanos(System.nanoTime() - due));
      } catch (IOException e) {
        refused.incrementAndGet();
      }
    }
  }

  private static void pauseUntil(long due) throws InterruptedException {
    long left = due - System.nanoTime();
    if (left > 0) {
      // Nobody gives a permit: this is a wait by the clock.
      boolean unused = new Semaphore(0).tryAcquire(left, TimeUnit.NANOSECONDS);
    }
  }

  // What a service compiles at its first requests is not what is measured.
  private void warmUp(SignalSender sender) throws InterruptedException {
    new Storm(sender, atOnce)
        .send(
            new StormPlan(WARM_UP, WARM_UP)
                .signalsAt(clock.instant()).stream().map(StormBench::elsewhere).toList(),
            Duration.ofSeconds(3));
    progress.accept("  warmed up");
  }

  private static Signal elsewhere(Signal signal) {
    return new Signal(
        new UUID(signal.id().getMostSignificantBits() + 1, signal.id().getLeastSignificantBits()),
        "warm|" + signal.fingerprint(),
        signal.kind(),
        signal.status(),
        signal.rule(),
        "warm-" + signal.service(),
        "warm",
        signal.severity(),
        signal.summary(),
        signal.at(),
        null,
        null);
  }

  /** The part of a list's answer that is asked about. */
  record Waiting(List<Map<String, Object>> items) {}

  private void awaitCalm(JsonCall call) throws IOException, InterruptedException {
    long end = System.nanoTime() + CALM_LIMIT.toNanos();
    while (System.nanoTime() < end) {
      if (isNone(call, "WAITING") && isNone(call, "SENDING")) {
        return;
      }
      pauseUntil(System.nanoTime() + Duration.ofMillis(500).toNanos());
    }
    progress.accept("  messages still wait after " + CALM_LIMIT.toSeconds() + " s");
  }

  private static boolean isNone(JsonCall call, String state) throws IOException {
    return call.get("/api/v1/notifications?limit=1&state=" + state, Waiting.class)
        .items()
        .isEmpty();
  }

  private static int incidents(JsonCall call) throws IOException {
    int count = 0;
    var page = "";
    do {
      var answer = call.get("/api/v1/incidents?env=bench&limit=50" + page, PageOf.class);
      count += answer.items().size();
      page = answer.next() == null ? "" : "&page=" + answer.next();
    } while (!page.isEmpty());
    return count;
  }

  private static long sizeOf(Path folder) throws IOException {
    var sizes = new ArrayList<Long>();
    try (var files = Files.walk(folder)) {
      for (var file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file)) {
          sizes.add(Files.size(file));
        }
      }
    }
    return sizes.stream().mapToLong(Long::longValue).sum();
  }
}
