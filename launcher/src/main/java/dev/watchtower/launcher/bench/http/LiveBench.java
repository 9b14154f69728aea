package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Measures live delivery: samples of some services about once a second, and subscribers to the
 * golden signals of all of them; from the moment before the sample is sent to the message at each
 * of them.
 */
public final class LiveBench {
  private static final String ENV = "bench";
  private static final Duration EVERY = Duration.ofMillis(1100);
  private static final int WARM_UP = 5;
  private static final byte[] STAMP = "\"ts\":".getBytes(StandardCharsets.US_ASCII);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(60);
  private static final Duration LAST = Duration.ofSeconds(3);

  private final BenchSuite suites;
  private final Clock clock;
  private final Consumer<String> progress;

  /** A bench on suites of {@code suites}. */
  public LiveBench(BenchSuite suites, Clock clock, Consumer<String> progress) {
    this.suites = suites;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What was measured.
   *
   * @param latencies of every delivery
   * @param expected deliveries that there should have been
   * @param cpu of ingest-service and its database for all of them
   */
  public record Result(Latencies latencies, long expected, Duration cpu) {}

  /**
   * Sends {@code rounds} samples of each of {@code services} services; every subscriber listens to
   * all services.
   */
  public Result run(int subscribers, int services, int rounds)
      throws IOException, InterruptedException {
    try (var target = WatchtowerTarget.start(suites, Duration.ofMinutes(30));
        var selector = Selector.open()) {
      var accepted = new ConcurrentHashMap<Long, Long>();
      var all = LongStream.builder();
      var failure = new AtomicReference<IOException>();
      var told = new AtomicBoolean();
      var last = new AtomicReference<>("none at all");
      LiveClient.Listener listener =
          (bytes, from, to) -> {
            var sent = accepted.get(stamp(bytes, from, to));
            if (sent != null) {
              told.set(true);
              all.add(Math.max(0, System.nanoTime() - sent));
            } else if (!told.get()) {
              last.set(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
          };
      var clients = new ArrayList<LiveClient>();
      for (int i = 0; i < subscribers; i++) {
        clients.add(
            new LiveClient(
                target.port(), target.token(), "/topic/metrics." + ENV + ".*", selector, listener));
      }
      long until = System.nanoTime() + CONNECT_LIMIT.toNanos();
      while (!clients.stream().allMatch(LiveClient::isConnected)) {
        if (System.nanoTime() > until) {
          throw new Refusal("Not all subscribers are connected after " + CONNECT_LIMIT + ".");
        }
        select(selector, 100);
      }
      progress.accept("  " + subscribers + " subscribers are connected");
      try (var usage = new Usage(target.pids())) {
        var sender =
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  try {
                    send(target, accepted, services, rounds);
                  } catch (IOException e) {
                    failure.set(e);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        var before = usage.cpu();
        while (sender.isAlive()) {
          select(selector, 20);
        }
        long end = System.nanoTime() + LAST.toNanos();
        while (System.nanoTime() < end) {
          select(selector, 20);
        }
        var cpu = usage.cpu().minus(before);
        if (failure.get() != null) {
          throw failure.get();
        }
        for (var client : clients) {
          client.close();
        }
        // Their buffers are half of the heap; the selector lets go of them when it is asked again.
        clients.clear();
        selector.selectNow();
        if (!told.get()) {
          throw new Refusal("No message tells of a sample that was sent; the last: " + last.get());
        }
        return new Result(new Latencies(all.build()), (long) rounds * services * subscribers, cpu);
      }
    }
  }

  private void send(WatchtowerTarget target, Map<Long, Long> accepted, int services, int rounds)
      throws IOException, InterruptedException {
    var call =
        new JsonCall("http://127.0.0.1:" + target.port(), target::token, Duration.ofSeconds(10));
    for (int i = 0; i < WARM_UP + rounds; i++) {
      long ts = clock.millis();
      if (i >= WARM_UP) {
        // From before the request: so the figure has the way in as well.
        accepted.put(ts, System.nanoTime());
      }
      var samples = new ArrayList<Map<String, Object>>();
      for (int service = 0; service < services; service++) {
        samples.add(
            Map.of(
                "service",
                "live" + service,
                "env",
                ENV,
                "name",
                "process_cpu_usage",
                "labels",
                Map.of(),
                "ts",
                ts,
                "value",
                i / 100.0));
      }
      call.postQuietly("/api/v1/metrics", Map.of("samples", samples));
      WatchtowerTarget.pause(EVERY);
    }
  }

  /** The time that a message gives as {@code ts}; -1 if it gives none. */
  private static long stamp(byte[] bytes, int from, int to) {
    for (int i = from; i + STAMP.length < to; i++) {
      if (Arrays.equals(bytes, i, i + STAMP.length, STAMP, 0, STAMP.length)) {
        long number = 0;
        for (int at = i + STAMP.length; at < to && Character.isDigit(bytes[at]); at++) {
          number = number * 10 + bytes[at] - '0';
        }
        return number;
      }
    }
    return -1;
  }

  private static void select(Selector selector, long millis) throws IOException {
    selector.select(millis);
    var keys = selector.selectedKeys();
    for (var key : keys) {
      ((LiveClient) key.attachment()).read();
    }
    keys.clear();
  }
}
