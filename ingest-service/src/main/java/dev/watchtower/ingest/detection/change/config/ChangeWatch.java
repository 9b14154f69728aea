package dev.watchtower.ingest.detection.change.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.QueryEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the change rules applied to the deployments they watch: each again when its service has sent
 * ten more seconds of samples. At most {@value #MAX_WATCHED} deployments at a time, the newest.
 */
public final class ChangeWatch extends OwnThread {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeWatch.class);
  private static final int MAX_WATCHED = 100;
  private static final long LOOK_MILLIS = 5_000;
  private static final long PACE_MILLIS = 10_000;
  // So that what is no longer watched is told to be over, also after a day without this service.
  private static final Duration AFTERWARDS = Duration.ofDays(1);

  private final ChangeEvents events;
  private final Deployments deployments;
  private final CurrentGoldenSignals golden;
  private final QueryEngine engine;
  private final FindingBox box;
  private final CatalogSource catalog;
  private final LazyMigration migration;
  private final Clock clock;
  private final Map<String, Long> judgedAt = new HashMap<>();
  private @Nullable String lastFailure;

  /**
   * Not started yet.
   *
   * @param engine reads the signals that are compared
   */
  public ChangeWatch(
      ChangeEvents events,
      Deployments deployments,
      CurrentGoldenSignals golden,
      QueryEngine engine,
      FindingBox box,
      CatalogSource catalog,
      LazyMigration migration,
      Clock clock) {
    super("deployments", 150, End.ASKED);
    this.events = events;
    this.deployments = deployments;
    this.golden = golden;
    this.engine = engine;
    this.box = box;
    this.catalog = catalog;
    this.migration = migration;
    this.clock = clock;
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOnAfter(LOOK_MILLIS)) {
      try {
        look();
        lastFailure = null;
      } catch (RuntimeException e) {
        // PostgreSQL does not answer, or a signal has no answer now: again in a moment.
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(lastFailure)) {
          LOG.atWarn().setCause(e).log("deployments could not be judged");
        }
        lastFailure = reason;
      }
    }
  }

  private void look() {
    List<Catalog.Rule> rules =
        catalog.current().rules().stream().filter(r -> r.kind() == SignalKind.CHANGE).toList();
    if (rules.isEmpty() || !migration.isReady()) {
      return;
    }
    Instant now = clock.instant();
    for (Catalog.Rule rule : rules) {
      Catalog.Rule.Deployment options = rule.deployment();
      if (options != null) {
        watch(rule, options, now.minus(options.watch()).minus(AFTERWARDS), now);
      }
    }
    long forgotten = now.minus(Duration.ofDays(2)).toEpochMilli();
    judgedAt.values().removeIf(at -> at < forgotten);
  }

  private void watch(Catalog.Rule rule, Catalog.Rule.Deployment options, Instant from, Instant to) {
    Judge judge = new Judge(golden.get().by(engine));
    Map<ServiceKey, Long> next = new HashMap<>();
    List<ChangeEvent> found =
        events.find(
            new ChangeEvents.Search(null, null, Judge.DEPLOYMENTS, from, to, null, MAX_WATCHED));
    // The newest first: what comes later in the list was replaced by what came before.
    for (ChangeEvent event : found) {
      ServiceKey key = deployments.keyOf(event).orElse(null);
      ObservedService service = key == null ? null : deployments.services().find(key).orElse(null);
      if (key == null || service == null) {
        continue;
      }
      long at = service.eventMillis();
      String subject = rule.name() + '\n' + event.source() + '\n' + event.id();
      if (at - judgedAt.getOrDefault(subject, Long.MIN_VALUE / 2) >= PACE_MILLIS
          && !deployments.isOverByTheClock(event, key, options, to.toEpochMilli())) {
        judgedAt.put(subject, at);
        deployments
            .finding(judge, rule, event, next.get(key), at)
            .ifPresent(finding -> box.put(rule, List.of(finding)));
      }
      next.putIfAbsent(key, event.time().toEpochMilli());
    }
  }
}
