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
import java.time.Instant;
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
 * Measures the way of an alert while many other series flow: from the moment at which ingest has
 * accepted the sample of a breach until its signal is at incident-service, and until the request
 * for its incident arrives at Discord. Runs database, ingest and incident as the suite does, and a
 * stand-in for Discord in this process. The signal's arrival is when the incident says it was
 * opened; all processes read the same clock.
 */
public final class AlertBench {
  private static final int WARM_UP = 5;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int GAP_MILLIS = 300;
  private static final int MORE_GAP_MILLIS = 900;

  /** How long the other series flow before the first breach. */
  private static final int FLOW_MILLIS = 10_000;

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

  /**
   * What was measured.
   *
   * @param toIncident from the acknowledgement to the signal at incident-service
   * @param toDiscord from the acknowledgement to the request at Discord
   */
  public record Result(Latencies toIncident, Latencies toDiscord) {}

  private record Breach(Duration toIncident, Duration toDiscord) {}

  private record Page(List<Opened> items) {}

  private record Opened(Instant openedAt) {}

  /**
   * Measures {@code count} breaches, after a few that are not counted.
   *
   * @param flowing series that send a sample each second meanwhile; 0 for none
   */
  public Result run(int count, int flowing) throws IOException, InterruptedException {
    try (var discord = new DiscordStandIn();
        var suite =
            suites.start(
                List.of(Component.INGEST, Component.INCIDENT),
                BenchCatalog.yaml(WARM_UP + count, discord.url()) + suites.shippedGoldenSignals(),
                Map.of("DISCORD_WEBHOOK_URL", discord.url(), "OPENAI_API_KEY", ""))) {
      if (flowing == 0) {
        return breaches(count, discord, suite, () -> {});
      }
      try (var load =
          new SteadyLoad(
              suite.plan().port(Component.INGEST),
              token(suite.running(), Component.INGEST),
              flowing,
              clock)) {
        pause(FLOW_MILLIS);
        return breaches(count, discord, suite, load::check);
      }
    }
  }

  private interface Check {
    void run() throws IOException;
  }

  private Result breaches(
      int count, DiscordStandIn discord, BenchSuite.Started suite, Check flowing)
      throws IOException, InterruptedException {
    var ingest = call(suite, Component.INGEST);
    var incident = call(suite, Component.INCIDENT);
    var random = new SplittableRandom(SEED);
    var measured = new ArrayList<Breach>();
    for (int i = 0; i < WARM_UP + count; i++) {
      var breach = breach(discord, ingest, incident, BenchCatalog.service(i));
      flowing.run();
      if (i >= WARM_UP) {
        measured.add(breach);
        progress.accept(
            "  %d/%d incident %s, Discord %s"
                .formatted(
                    measured.size(),
                    count,
                    Latencies.millis(breach.toIncident()),
                    Latencies.millis(breach.toDiscord())));
      }
      // Irregular, so that no clock tick of a service is met always at the same point.
      pause(GAP_MILLIS + random.nextInt(MORE_GAP_MILLIS));
    }
    return new Result(
        new Latencies(measured.stream().map(Breach::toIncident).toList()),
        new Latencies(measured.stream().map(Breach::toDiscord).toList()));
  }

  private static JsonCall call(BenchSuite.Started suite, Component component) {
    return new JsonCall(
        "http://127.0.0.1:" + suite.plan().port(component),
        token(suite.running(), component),
        Duration.ofSeconds(10));
  }

  private Breach breach(DiscordStandIn discord, JsonCall ingest, JsonCall incident, String service)
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
    var acceptedAt = clock.instant();
    try {
      long told = message.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      var opened = incident.get("/api/v1/incidents?service=" + service, Page.class).items();
      return new Breach(
          Duration.between(acceptedAt, opened.getFirst().openedAt()),
          Duration.ofNanos(told - accepted));
    } catch (TimeoutException e) {
      throw new Refusal(
          "The breach of " + service + " did not reach Discord within " + LIMIT.toSeconds() + " s.",
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Supplier<String> token(RunningSuite suite, Component component) {
    var tokens = suite.tokens();
    return () -> tokens.tokenFor(component.id());
  }

  private static void pause(int millis) throws InterruptedException {
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      timer.schedule(() -> {}, millis, TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
