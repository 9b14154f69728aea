package dev.watchtower.chaos.run.web;

import dev.watchtower.chaos.run.Run;
import dev.watchtower.chaos.run.RunEngine;
import dev.watchtower.chaos.run.RunRequest;
import dev.watchtower.chaos.run.Runs;
import dev.watchtower.chaos.run.config.RunStepper;
import dev.watchtower.common.catalog.Attack;
import dev.watchtower.common.catalog.Catalog.Experiment;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.RunView;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Experiments and their runs. */
@RestController
@RequestMapping("/api/v1")
class RunsController {
  /**
   * Services that must not learn of a blind run before it is over: their verdicts are what it
   * tests.
   */
  private static final Set<String> BLINDED =
      Set.of("service:ingest", "service:incident", "service:analysis");

  private final CatalogSource catalog;
  private final Runs runs;
  private final RunEngine engine;
  private final RunStepper stepper;
  private final LazyMigration migration;
  private final Clock clock;

  /** Whether a supervisor runs the targets; without one nothing can be crashed. */
  private final boolean supervised;

  RunsController(
      CatalogSource catalog,
      Runs runs,
      RunEngine engine,
      RunStepper stepper,
      LazyMigration migration,
      Clock clock,
      @Value("${watchtower.chaos.supervised:true}") boolean supervised) {
    this.catalog = catalog;
    this.runs = runs;
    this.engine = engine;
    this.stepper = stepper;
    this.migration = migration;
    this.clock = clock;
    this.supervised = supervised;
  }

  /**
   * The body of {@code POST /runs}.
   *
   * @param overrides parameters of the attack; {@code duration} and {@code blind} besides
   */
  record StartRequest(@Nullable String experiment, @Nullable Map<String, Object> overrides) {}

  @GetMapping("/experiments")
  List<Map<String, Object>> experiments() {
    return catalog.current().experiments().stream().map(this::document).toList();
  }

  private Map<String, Object> document(Experiment experiment) {
    var document = new LinkedHashMap<String, Object>();
    document.put("name", experiment.name());
    document.put("title", experiment.title());
    document.put("hypothesis", experiment.hypothesis());
    document.put("kind", experiment.kind());
    document.put("service", experiment.service());
    document.put("env", experiment.env());
    document.put("target", experiment.target());
    document.put("parameters", experiment.parameters());
    document.put("durationSeconds", experiment.duration().toSeconds());
    document.put("blind", experiment.blind());
    document.put(
        "possible",
        Attack.of(experiment.kind()).isPresent() && !lacksSupervisor(experiment.kind()));
    return document;
  }

  private boolean lacksSupervisor(String kind) {
    return !supervised && kind.equals(Attack.CRASH);
  }

  @PostMapping("/runs")
  @ApiResponse(responseCode = "202", useReturnTypeSchema = true)
  ResponseEntity<RunView> start(@RequestBody StartRequest request) {
    migration.require();
    if (request.experiment() == null) {
      throw Problem.badField("experiment", "the name of an experiment is required");
    }
    var experiment =
        catalog
            .current()
            .experiment(request.experiment())
            .orElseThrow(
                () -> Problem.notFound("There is no experiment '" + request.experiment() + "'."));
    if (lacksSupervisor(experiment.kind())) {
      throw Problem.of(
          409,
          "not-possible",
          "Nothing can be crashed here",
          "A crash needs the supervisor of ./watchtower up, and none runs here, as in containers.");
    }
    var overrides = request.overrides() == null ? Map.<String, Object>of() : request.overrides();
    var wish =
        RunRequest.of(
            experiment,
            new HashMap<>(overrides),
            UUID.randomUUID(),
            Caller.actor().name(),
            clock.instant());
    var run =
        switch (wish) {
          case RunRequest.Result.Ready(var ready) -> ready;
          case RunRequest.Result.Wrong(var faults) -> {
            var problem = Problem.badRequest("The run cannot start as asked for.");
            faults.forEach(f -> problem.fault(f.path(), f.message()));
            throw problem;
          }
        };
    if (!engine.begin(run)) {
      throw Problem.of(
          409,
          "run-in-progress",
          "The target is under attack already",
          "One run at a time on a target: stop the run on " + run.service() + " first.");
    }
    stepper.stepSoon(run.id());
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/runs/" + run.id()))
        .body(run.view());
  }

  @GetMapping("/runs")
  PageOf<RunView> list(@RequestParam(defaultValue = "50") int limit) {
    if (limit < 1 || limit > 500) {
      throw Problem.badField("limit", "expected a number from 1 to 500");
    }
    // What is in memory is newer than the database, and is there when the database is not.
    var newest = new LinkedHashMap<UUID, Run>();
    engine.inProgress().forEach(r -> newest.put(r.id(), r));
    try {
      runs.newest(limit).forEach(r -> newest.putIfAbsent(r.id(), r));
    } catch (DataAccessException e) {
      if (newest.isEmpty()) {
        throw e;
      }
    }
    return new PageOf<>(
        newest.values().stream()
            .filter(RunsController::isVisible)
            .sorted(java.util.Comparator.comparing(Run::startedAt).reversed())
            .limit(limit)
            .map(Run::view)
            .toList(),
        null);
  }

  @GetMapping("/runs/{id}")
  RunView get(@PathVariable UUID id) {
    return find(id).view();
  }

  @PostMapping("/runs/{id}/stop")
  @ApiResponse(responseCode = "202", description = "It stops", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "200", description = "It was over", useReturnTypeSchema = true)
  ResponseEntity<RunView> stop(@PathVariable UUID id) {
    // Whom a blind run is hidden from cannot stop it either.
    var found = find(id);
    var reason = "stopped by " + Caller.actor().name();
    if (engine.end(id, reason) || engine.takeOver(id, reason, clock.instant())) {
      stepper.stepSoon(id);
      return ResponseEntity.accepted().body(find(id).view());
    }
    return ResponseEntity.ok(found.view());
  }

  @PostMapping("/runs/stop-all")
  @ApiResponse(responseCode = "202", useReturnTypeSchema = true)
  ResponseEntity<Map<String, List<UUID>>> stopAll() {
    var reason = "all stopped by " + Caller.actor().name();
    var stopped = engine.endAll(reason);
    stopped.forEach(stepper::stepSoon);
    // Not waited for: they are in the database only.
    stepper.endOthers(reason);
    return ResponseEntity.accepted().body(Map.of("stopped", stopped));
  }

  private Run find(UUID id) {
    return engine.inProgress().stream()
        .filter(r -> r.id().equals(id))
        .findFirst()
        .or(() -> runs.find(id))
        .filter(RunsController::isVisible)
        .orElseThrow(() -> Problem.notFound("There is no run " + id + "."));
  }

  private static boolean isVisible(Run run) {
    return !run.blind() || !run.isActive() || !BLINDED.contains(Caller.claims().subject());
  }
}
