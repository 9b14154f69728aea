package dev.watchtower.ingest.detection.change.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.Finding;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the change rules applied to the deployments they watch: each again when its service has sent
 * ten more seconds of samples. At most {@value #MAX_WATCHED} deployments at a time, the newest. One
 * that cannot be judged is told, and holds up none of the others.
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
  private final Supplier<Catalog> catalog;
  private final BooleanSupplier ready;
  private final Clock clock;
  private final Map<String, Long> judgedAt = new HashMap<>();
  private final Failures failures = new Failures();

  /**
   * Not started yet.
   *
   * @param engine reads the signals that are compared
   * @param catalog the one in force
   * @param ready whether events can be read
   */
  public ChangeWatch(
      ChangeEvents events,
      Deployments deployments,
      CurrentGoldenSignals golden,
      QueryEngine engine,
      FindingBox box,
      Supplier<Catalog> catalog,
      BooleanSupplier ready,
      Clock clock) {
    super("deployments", 150, End.ASKED);
    this.events = events;
    this.deployments = deployments;
    this.golden = golden;
    this.engine = engine;
    this.box = box;
    this.catalog = catalog;
    this.ready = ready;
    this.clock = clock;
  }

  /** What cannot be judged at present, and why. Any thread. */
  public List<String> faults() {
    return failures.told();
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOnAfter(LOOK_MILLIS)) {
      try {
        look();
      } catch (RuntimeException e) {
        // PostgreSQL does not answer: again in a moment.
        failed("deployments", e);
      }
    }
  }

  /** Judges all that are due, once. */
  void look() {
    if (!ready.getAsBoolean()) {
      return;
    }
    Instant now = clock.instant();
    Set<String> watched = new HashSet<>();
    for (Catalog.Rule rule : catalog.get().rules()) {
      Catalog.Rule.Deployment options = rule.deployment();
      if (rule.kind() == SignalKind.CHANGE && options != null) {
        Instant from = now.minus(options.watch()).minus(AFTERWARDS);
        watched.addAll(watch(rule, options, from, now));
      }
    }
    failures.keep(watched::contains);
    long forgotten = now.minus(Duration.ofDays(2)).toEpochMilli();
    judgedAt.values().removeIf(at -> at < forgotten);
  }

  /** Those that are still watched, as failures name them. */
  private Set<String> watch(
      Catalog.Rule rule, Catalog.Rule.Deployment options, Instant from, Instant to) {
    Set<String> watched = new HashSet<>();
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
      if (!deployments.isOverByTheClock(event, key, options, to.toEpochMilli())) {
        String what =
            "rules.%s: deployment %s (%s) of %s"
                .formatted(rule.name(), event.id(), event.source(), key);
        watched.add(what);
        if (at - judgedAt.getOrDefault(what, Long.MIN_VALUE / 2) >= PACE_MILLIS) {
          judgedAt.put(what, at);
          Long replaced = next.get(key);
          judge(what, rule, () -> deployments.finding(judge, rule, event, replaced, at));
        }
      }
      next.putIfAbsent(key, event.time().toEpochMilli());
    }
    return watched;
  }

  private void judge(String what, Catalog.Rule rule, Supplier<Optional<Finding>> finding) {
    try {
      finding.get().ifPresent(found -> box.put(rule, List.of(found)));
      failures.worked(what);
    } catch (RuntimeException e) {
      // A signal has no answer now, or it takes too much: again with its next samples.
      failed(what, e);
    }
  }

  private void failed(String what, RuntimeException e) {
    if (failures.failed(what, String.valueOf(e.getMessage()))) {
      LOG.atWarn().addKeyValue("what", what).setCause(e).log("deployments could not be judged");
    }
  }
}
