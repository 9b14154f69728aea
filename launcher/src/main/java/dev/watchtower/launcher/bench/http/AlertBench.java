package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.BenchCatalog;
import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.http.JsonCall;
import dev.watchtower.launcher.suite.Component;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunningSuite;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures the way of an alert: from the moment at which ingest has accepted the sample of a breach
 * until the request for its incident arrives at Discord. Runs database, ingest and incident as the
 * suite does, and a stand-in for Discord in this process; both moments are read from this process's
 * clock.
 */
public final class AlertBench {
  private static final int WARM_UP = 5;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int GAP_MILLIS = 300;
  private static final int MORE_GAP_MILLIS = 900;
  private static final long SEED = 20260101;

  private final BenchSuite suites;
  private final Clock clock;
  private final Consumer<String> progress;

  /** A bench on suites of {@code suites}. */
  public AlertBench(BenchSuite suites, Clock clock, Consumer<String> progress) {
    this.suites = suites;
    this.clock = clock;
    this.progress = progress;
  }

  /** Measures {@code count} breaches, after a few that are not counted. */
  public Latencies run(int count) throws IOException, InterruptedException {
    try (var discord = new DiscordStandIn();
        var suite =
            suites.start(
                List.of(Component.INGEST, Component.INCIDENT),
                BenchCatalog.yaml(WARM_UP + count, discord.url()),
                Map.of("DISCORD_WEBHOOK_URL", discord.url(), "OPENAI_API_KEY", ""))) {
      var call =
          new JsonCall(
              "http://127.0.0.1:" + suite.plan().port(Component.INGEST),
              ingestToken(suite.running()),
              Duration.ofSeconds(10));
      var random = new SplittableRandom(SEED);
      var measured = new ArrayList<Duration>();
      for (int i = 0; i < WARM_UP + count; i++) {
        var latency = breach(discord, call, BenchCatalog.service(i));
        if (i >= WARM_UP) {
          measured.add(latency);
          progress.accept(
              "  %d/%d %s".formatted(measured.size(), count, Latencies.millis(latency)));
        }
        // Irregular, so that no clock tick of a service is met always at the same point.
        pause(GAP_MILLIS + random.nextInt(MORE_GAP_MILLIS));
      }
      return new Latencies(measured);
    }
  }

  private Duration breach(DiscordStandIn discord, JsonCall ingest, String service)
      throws IOException, InterruptedException {
    var message = discord.messageAbout(service);
    ingest.postQuietly(
        "/api/v1/metrics",
        Map.of(
            "samples",
            List.of(
                Map.of(
                    "service",
                    service,
                    "env",
                    BenchCatalog.ENV,
                    "name",
                    BenchCatalog.METRIC,
                    "labels",
                    Map.of(),
                    "ts",
                    clock.millis(),
                    "value",
                    500))));
    long accepted = System.nanoTime();
    try {
      return Duration.ofNanos(message.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS) - accepted);
    } catch (TimeoutException e) {
      throw new Refusal(
          "The breach of " + service + " did not reach Discord within " + LIMIT.toSeconds() + " s.",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Supplier<String> ingestToken(RunningSuite suite) {
    var tokens = suite.tokens();
    return () -> tokens.tokenFor(Component.INGEST.id());
  }

  private static void pause(int millis) throws InterruptedException {
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      timer.schedule(() -> {}, millis, TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
