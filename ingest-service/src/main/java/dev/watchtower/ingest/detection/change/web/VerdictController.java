package dev.watchtower.ingest.detection.change.web;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.change.DeploymentVerdict;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.events.web.Pages;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.EnvNames;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.query.Times;
import dev.watchtower.ingest.query.web.QueryProblems;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether deployments made things better or worse. */
@RestController
@RequestMapping("/api/v1")
class VerdictController {
  /** Each takes some queries. */
  private static final int MAX_LIMIT = 20;

  private final ChangeEvents events;
  private final Deployments deployments;
  private final CurrentGoldenSignals golden;
  private final SharedQueries queries;
  private final CatalogSource catalog;
  private final LazyMigration migration;
  private final Clock clock;

  VerdictController(
      ChangeEvents events,
      Deployments deployments,
      CurrentGoldenSignals golden,
      SharedQueries queries,
      CatalogSource catalog,
      LazyMigration migration,
      Clock clock) {
    this.events = events;
    this.deployments = deployments;
    this.golden = golden;
    this.queries = queries;
    this.catalog = catalog;
    this.migration = migration;
    this.clock = clock;
  }

  /** The verdict on one deployment; of several events of that id, on the newest. */
  @GetMapping("/events/{id}/verdict")
  DeploymentVerdict one(@PathVariable String id, @RequestParam @Nullable String source) {
    refuseNul(id);
    refuseNul(source);
    migration.require();
    ChangeEvent event =
        events.byId(id, source).stream()
            .findFirst()
            .orElseThrow(() -> Problem.notFound("There is no event '" + id + "'."));
    if (!Judge.isDeployment(event)) {
      throw Problem.of(
          422,
          "not-a-deployment",
          "Not a deployment",
          "A verdict is given on deployments only; this event is of the type "
              + event.type()
              + ".");
    }
    return judged(judge -> verdict(judge, event));
  }

  /**
   * The verdicts on deployments that name their service, the newest first, of the last day unless
   * asked otherwise.
   */
  @GetMapping("/verdicts")
  PageOf<DeploymentVerdict> all(
      @RequestParam @Nullable String service,
      @RequestParam @Nullable String env,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam @Nullable String page,
      @RequestParam(defaultValue = "" + MAX_LIMIT) int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Problem.badField("limit", "expected 1 to " + MAX_LIMIT);
    }
    refuseNul(service);
    refuseNul(env);
    Instant until = to == null ? clock.instant() : time("to", to);
    Instant since = from == null ? until.minus(Duration.ofDays(1)) : time("from", from);
    ChangeEvents.Cursor after = page == null ? null : Pages.parse(page);
    migration.require();
    PageOf<ChangeEvent> found =
        Pages.of(
            events.find(
                new ChangeEvents.Search(
                    service,
                    env == null ? null : EnvNames.of(env, deployments.services()),
                    Judge.DEPLOYMENTS,
                    since,
                    until,
                    after,
                    limit + 1)),
            limit);
    return new PageOf<>(
        judged(judge -> found.items().stream().map(event -> verdict(judge, event)).toList()),
        found.next());
  }

  private <T> T judged(Function<Judge, T> judgement) {
    try {
      return queries.compute(engine -> judgement.apply(new Judge(golden.get().by(engine))));
    } catch (QueryException e) {
      throw QueryProblems.of(e);
    }
  }

  private DeploymentVerdict verdict(Judge judge, ChangeEvent event) {
    ServiceKey key = deployments.keyOf(event).orElse(null);
    Catalog.Rule.Deployment options =
        catalog.current().rules().stream()
            .filter(r -> r.kind() == SignalKind.CHANGE)
            .filter(r -> key != null && r.covers(key.service(), key.env()))
            .map(Catalog.Rule::deployment)
            .findFirst()
            .orElse(Judge.USUAL);
    long newest =
        key == null
            ? clock.millis()
            : deployments
                .services()
                .find(key)
                .map(ObservedService::eventMillis)
                .orElse(clock.millis());
    return deployments.verdict(judge, event, options == null ? Judge.USUAL : options, newest);
  }

  private static void refuseNul(@Nullable String text) {
    if (text != null && text.indexOf('\0') >= 0) {
      throw Problem.badRequest("There is no NUL in names");
    }
  }

  private static Instant time(String name, String text) {
    try {
      return Instant.ofEpochMilli(Times.instant(text));
    } catch (IllegalArgumentException e) {
      throw Problem.badField(name, "expected a time such as 2026-01-31T12:00:00Z, got " + text);
    }
  }
}
