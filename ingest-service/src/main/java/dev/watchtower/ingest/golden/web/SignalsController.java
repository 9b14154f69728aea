package dev.watchtower.ingest.golden.web;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.golden.SignalBoard;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.query.Times;
import dev.watchtower.ingest.query.web.QueryProblems;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Golden signals now and over time. */
@RestController
@RequestMapping("/api/v1/signals")
class SignalsController {
  private static final long MAX_POINTS = 2_000;

  /**
   * The newest golden signals of a service.
   *
   * @param ts milliseconds since the epoch: when they were so
   * @param signals as in {@link SignalsBatch}
   * @param stale whether they are not known to be those of now: they are too old, so that a query
   *     of now would find nothing, or nothing came since a restart
   */
  record Newest(
      String env,
      String service,
      long seq,
      long ts,
      Map<String, @Nullable Double> signals,
      boolean stale) {}

  /**
   * The answer of the history.
   *
   * @param step milliseconds
   * @param window of the service's rates, milliseconds; a longer step is taken for the window
   */
  record History(
      String service, String env, long step, long window, List<GoldenSignals.Point> points) {}

  private final SignalBoard board;
  private final ServiceRegistry registry;
  private final CurrentGoldenSignals golden;
  private final SharedQueries queries;
  private final LiveTopics live;
  private final Clock clock;

  SignalsController(
      SignalBoard board,
      ServiceRegistry registry,
      CurrentGoldenSignals golden,
      SharedQueries queries,
      LiveTopics live,
      Clock clock) {
    this.board = board;
    this.registry = registry;
    this.golden = golden;
    this.queries = queries;
    this.live = live;
    this.clock = clock;
  }

  /**
   * The newest golden signals of all services, or of those asked for. A service that sends nothing
   * of which they are made has none in its item, and the time of its newest sample. One of which
   * nothing came since a restart has that time too, and no values.
   */
  @GetMapping
  @Operation(
      summary = "The newest golden signals of all services, or of those asked for",
      description =
          "Those of a service that sends nothing any more stay as they were at ts; five minutes"
              + " after it they are stale, and are not how it is now. After a restart they are null.")
  PageOf<Newest> now(@RequestParam @Nullable String service, @RequestParam @Nullable String env) {
    Predicate<ServiceKey> asked =
        key ->
            (service == null || key.service().equals(service))
                && (env == null || key.env().equals(env));
    Map<ServiceKey, Newest> found = new TreeMap<>();
    Map<String, @Nullable Double> unknown = new LinkedHashMap<>();
    golden.get().sources().bySignal().keySet().forEach(signal -> unknown.put(signal, null));
    registry.notHeardAgain().stream()
        .filter(s -> asked.test(s.key()))
        .forEach(s -> found.put(s.key(), newest(s.key(), s.eventMillis(), unknown, true)));
    registry.withoutGoldenSignals().stream()
        .filter(s -> asked.test(s.key()))
        .forEach(s -> found.put(s.key(), newest(s.key(), s.eventMillis(), Map.of(), false)));
    board.all().stream()
        .filter(s -> asked.test(s.key()))
        .forEach(s -> found.put(s.key(), newest(s.key(), s.at(), s.values(), false)));
    return new PageOf<>(List.copyOf(found.values()), null);
  }

  private Newest newest(
      ServiceKey key, long at, Map<String, @Nullable Double> values, boolean silent) {
    long seq = live.lastSeq("/topic/metrics." + key.env() + "." + key.service());
    boolean stale = silent || clock.millis() - at > QueryEngine.LOOKBACK_MILLIS;
    return new Newest(key.env(), key.service(), seq, at, values, stale);
  }

  /** Golden signals over time; the last hour in steps of 10 s unless asked otherwise. */
  @GetMapping("/history")
  @Operation(summary = "Golden signals of a service over time")
  History history(
      @RequestParam String service,
      @RequestParam String env,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam @Nullable String step) {
    long end = to == null ? clock.millis() : time("to", to);
    long start = from == null ? end - Duration.ofHours(1).toMillis() : time("from", from);
    long stepMillis = step == null ? 10_000 : step(step);
    if (end < start) {
      throw Problem.badField("from", "must not be after to");
    }
    if ((end - start) / stepMillis >= MAX_POINTS) {
      throw Problem.badField(
          "step", "gives more than " + MAX_POINTS + " points: take a longer step");
    }
    ServiceKey key = new ServiceKey(service, env);
    long window = registry.find(key).map(ObservedService::windowMillis).orElse(10_000L);
    // Whole steps, so that the same request a moment later gives the same instants.
    long aligned = start - Math.floorMod(start, stepMillis);
    return new History(
        service,
        env,
        stepMillis,
        window,
        points(key, window, aligned, Math.max(aligned, end), stepMillis));
  }

  private List<GoldenSignals.Point> points(
      ServiceKey key, long window, long from, long to, long step) {
    try {
      return queries.compute(
          engine -> golden.get().by(engine).history(key, window, from, to, step));
    } catch (QueryException e) {
      throw QueryProblems.of(e);
    }
  }

  private static long time(String name, String text) {
    try {
      return Times.instant(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badField(name, "expected a time such as 2026-01-31T12:00:00Z, got " + text);
    }
  }

  private static long step(String text) {
    try {
      return Times.duration(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badField("step", "expected a duration such as 10s, got " + text);
    }
  }
}
