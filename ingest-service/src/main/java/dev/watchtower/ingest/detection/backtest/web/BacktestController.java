package dev.watchtower.ingest.detection.backtest.web;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogException;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.backtest.Backtest;
import dev.watchtower.ingest.detection.backtest.Firings;
import dev.watchtower.ingest.detection.backtest.PastServices;
import dev.watchtower.ingest.detection.backtest.Silence;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.query.ComputingThreads;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.query.Times;
import dev.watchtower.ingest.series.SeriesStore;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a rule would have told of the stored past, before it is switched on. One at a time. */
@RestController
class BacktestController {
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final long LEAST_STEP = 1_000;
  private static final long USUAL_STEP = 5_000;
  private static final int USUAL_STEPS = 4_000;

  /** The newest; with more, a change rule is tested on these only. */
  private static final int MOST_DEPLOYMENTS = 1_000;

  /**
   * What is asked.
   *
   * @param rule with the keys of the catalog
   * @param from a time; the last hour where it is missing
   * @param to a time; now where it is missing
   * @param step a duration such as {@code 10s}; chosen by the length of the time where missing
   */
  record Request(
      @Nullable JsonNode rule, @Nullable String from, @Nullable String to, @Nullable String step) {}

  /**
   * What it would have told.
   *
   * @param stepSeconds how far apart the instants are that were looked at
   * @param total firings in all; more than {@code firings} has if {@code truncated}
   */
  record Answer(
      String rule,
      String kind,
      Instant from,
      Instant to,
      double stepSeconds,
      List<Firings.Firing> firings,
      long total,
      boolean truncated,
      long millis) {}

  private final SeriesStore store;
  private final SharedQueries queries;
  private final ChangeEvents events;
  private final Deployments deployments;
  private final CatalogSource catalog;
  private final LazyMigration migration;
  private final JsonMapper json;
  private final Clock clock;
  private final QueryEngine engine;
  private final Semaphore room = new Semaphore(1, true);
  private final ComputingThreads thread = new ComputingThreads("back-test", 1);

  BacktestController(
      SeriesStore store,
      SharedQueries queries,
      ChangeEvents events,
      Deployments deployments,
      CatalogSource catalog,
      LazyMigration migration,
      JsonMapper json,
      Clock clock) {
    this.store = store;
    this.queries = queries;
    this.events = events;
    this.deployments = deployments;
    this.catalog = catalog;
    this.migration = migration;
    this.json = json;
    this.clock = clock;
    this.engine =
        new QueryEngine(
            store,
            new QueryLimits(
                Backtest.LIMIT,
                QueryLimits.ofHeap(Runtime.getRuntime().maxMemory()).maxSamples(),
                QueryLimits.DEFAULT.maxSteps()),
            System::nanoTime);
  }

  @PostMapping("/api/v1/rules/backtest")
  @Operation(summary = "What a rule would have told of the stored past")
  Answer run(@RequestBody Request request) {
    Catalog now = catalog.current();
    Catalog.Rule rule = rule(request, now);
    long to = request.to() == null ? clock.millis() : time("to", request.to());
    long from =
        request.from() == null ? to - Duration.ofHours(1).toMillis() : time("from", request.from());
    if (to <= from) {
      throw Problem.badField("from", "must be before to");
    }
    if (to - from > Backtest.LONGEST.toMillis()) {
      throw Problem.badField("from", "at most " + Backtest.LONGEST.toDays() + " days before to");
    }
    long step = step(request.step(), to - from);
    try {
      if (!room.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.unavailable("Another back-test runs: try again in a moment", RETRY_AFTER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The back-test was interrupted", RETRY_AFTER);
    }
    long begin = System.nanoTime();
    try {
      QueryEngine within = engine.sharing(queries.samples(), begin + Backtest.LIMIT.toNanos());
      Firings found =
          thread.call(() -> backtest(within, now, rule, from, to).run(rule, from, to, step));
      double seconds = (rule.kind() == SignalKind.CHANGE ? 30_000 : step) / 1000.0;
      List<Firings.Firing> all = found.all();
      return new Answer(
          rule.name(),
          rule.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          Instant.ofEpochMilli(from),
          Instant.ofEpochMilli(to),
          rule.kind() == SignalKind.BURN_RATE ? 60 : seconds,
          all,
          found.total(),
          found.total() > all.size(),
          (System.nanoTime() - begin) / 1_000_000);
    } catch (QueryException e) {
      throw problem(e, rule);
    } catch (SeriesStore.LimitExceededException e) {
      throw tooMuch(String.valueOf(e.getMessage()));
    } catch (SeriesStore.StoreUnavailableException e) {
      throw Problem.unavailable(String.valueOf(e.getMessage()), RETRY_AFTER);
    } finally {
      room.release();
    }
  }

  private Backtest backtest(
      QueryEngine within, Catalog now, Catalog.Rule rule, long from, long to) {
    List<ChangeEvent> changes = List.of();
    Catalog.Rule.Deployment options = rule.deployment();
    if (options != null) {
      migration.require();
      Instant since = Instant.ofEpochMilli(from).minus(options.watch());
      changes =
          events.find(
              new ChangeEvents.Search(
                  null,
                  null,
                  Judge.DEPLOYMENTS,
                  since,
                  Instant.ofEpochMilli(to),
                  null,
                  MOST_DEPLOYMENTS));
    }
    GoldenSources sources = new GoldenSources(now.goldenSignals());
    return new Backtest(
        within,
        new GoldenSignals(within, sources),
        new PastServices(store, deployments.services().all(), sources),
        now.slos(),
        deployments,
        changes,
        new Silence(store),
        System::nanoTime);
  }

  private Catalog.Rule rule(Request request, Catalog now) {
    JsonNode rule = request.rule();
    if (rule == null || !rule.isObject()) {
      throw Problem.badField("rule", "expected a rule with the keys of the catalog");
    }
    try {
      return CatalogParser.rule(json.writeValueAsString(rule), now);
    } catch (CatalogException e) {
      Problem problem = Problem.badRequest("The rule cannot be used");
      e.faults().forEach(f -> problem.fault(f.path().isEmpty() ? "rule" : f.path(), f.message()));
      throw problem;
    }
  }

  private static Problem problem(QueryException e, Catalog.Rule rule) {
    String message = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case BAD_DATA ->
          Problem.badField(rule.expression() == null ? "rule" : "rule.expression", message);
      case EXECUTION, TIMEOUT -> tooMuch(message);
      case UNAVAILABLE -> Problem.unavailable(message, RETRY_AFTER);
    };
  }

  private static Problem tooMuch(String message) {
    return Problem.of(
        422,
        "back-test-failed",
        "No answer",
        message + ". Take a shorter time, a longer step, or name fewer services.");
  }

  private static long time(String name, String text) {
    try {
      return Times.instant(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badField(name, "expected a time such as 2026-01-31T12:00:00Z, got " + text);
    }
  }

  private static long step(@Nullable String text, long span) {
    long step = Math.max(USUAL_STEP, (span / USUAL_STEPS + 999) / 1000 * 1000);
    if (text != null) {
      try {
        step = Times.duration(text);
      } catch (IllegalArgumentException e) {
        throw Problem.badField("step", "expected a duration such as 10s, got " + text);
      }
    }
    if (step < LEAST_STEP || span / step > Backtest.MOST_STEPS) {
      throw Problem.badField(
          "step",
          "expected at least 1s, and at most " + Backtest.MOST_STEPS + " steps: take a longer one");
    }
    return step;
  }
}
