package dev.watchtower.ingest.detection.change.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the change rules applied to the deployments they watch: each again at the next step of its
 * service's time ({@link Deployments#stepOf}). At most {@value #MAX_WATCHED} deployments at a time,
 * the newest. One that cannot be judged is told, and holds up none of the others: those that take
 * more than {@link #QUICK} take turns, one after each look at the others.
 */
public final class ChangeWatch extends OwnThread {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeWatch.class);
  private static final int MAX_WATCHED = 100;
  private static final long LOOK_MILLIS = 5_000;
  private static final long SILENT_MILLIS = 2 * LOOK_MILLIS;
  private static final long QUICK = TimeUnit.SECONDS.toNanos(1);
  // So that what is no longer watched is told to be over, also after a day without this service.
  private static final Duration AFTERWARDS = Duration.ofDays(1);

  /**
   * A deployment to be judged by a rule, as of the last step of its service's time.
   *
   * @param silent whether the service has sent nothing for so long that all it sent is stored
   */
  private record Due(
      Catalog.Rule rule, ChangeEvent event, @Nullable Long replaced, long at, boolean silent) {}

  private final ChangeEvents events;
  private final Deployments deployments;
  private final CurrentGoldenSignals golden;
  private final QueryEngine engine;
  private final FindingBox box;
  private final Supplier<Catalog> catalog;
  private final BooleanSupplier ready;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Map<String, Long> judgedAt = new HashMap<>();

  /** Those that take long, the one whose turn it is first. */
  private final Set<String> slow = new LinkedHashSet<>();

  private final Failures failures = new Failures();

  /**
   * Not started yet.
   *
   * @param engine reads the signals that are compared
   * @param catalog the one in force
   * @param ready whether events can be read
   * @param nanos the engine's clock for elapsed time
   */
  public ChangeWatch(
      ChangeEvents events,
      Deployments deployments,
      CurrentGoldenSignals golden,
      QueryEngine engine,
      FindingBox box,
      Supplier<Catalog> catalog,
      BooleanSupplier ready,
      Clock clock,
      LongSupplier nanos) {
    super("deployments", 150, End.ASKED);
    this.events = events;
    this.deployments = deployments;
    this.golden = golden;
    this.engine = engine;
    this.box = box;
    this.catalog = catalog;
    this.ready = ready;
    this.clock = clock;
    this.nanos = nanos;
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

  /** Judges all that are due, once; of those that take long, one. */
  void look() {
    if (!ready.getAsBoolean()) {
      return;
    }
    Instant now = clock.instant();
    Set<String> watched = new HashSet<>();
    Map<String, Due> waiting = new HashMap<>();
    for (Catalog.Rule rule : catalog.get().rules()) {
      Catalog.Rule.Deployment options = rule.deployment();
      if (rule.kind() == SignalKind.CHANGE && options != null) {
        Instant from = now.minus(options.watch()).minus(AFTERWARDS);
        watched.addAll(watch(rule, options, from, now, waiting));
      }
    }
    slow.retainAll(watched);
    for (String what : slow) {
      Due due = waiting.get(what);
      if (due != null) {
        judgeSlow(what, due);
        break;
      }
    }
    failures.keep(watched::contains);
    long forgotten = now.minus(Duration.ofDays(2)).toEpochMilli();
    judgedAt.values().removeIf(at -> at < forgotten);
  }

  /**
   * Judges those that do not take long.
   *
   * @param waiting takes what is due besides
   * @return those that are still watched, as failures name them
   */
  private Set<String> watch(
      Catalog.Rule rule,
      Catalog.Rule.Deployment options,
      Instant from,
      Instant to,
      Map<String, Due> waiting) {
    Set<String> watched = new HashSet<>();
    Map<ServiceKey, Long> next = new HashMap<>();
    List<ChangeEvent> found =
        events.find(
            new ChangeEvents.Search(null, null, Judge.DEPLOYMENTS, from, to, null, MAX_WATCHED));
    // The newest first: what comes later in the list was replaced by what came just before.
    for (ChangeEvent event : found) {
      ServiceKey key = deployments.keyOf(event).orElse(null);
      ObservedService service = key == null ? null : deployments.services().find(key).orElse(null);
      if (key == null || service == null) {
        continue;
      }
      long at = Deployments.stepOf(service.eventMillis());
      if (!deployments.isOverByTheClock(event, key, options, to.toEpochMilli())) {
        String what =
            "rules.%s: deployment %s (%s) of %s"
                .formatted(rule.name(), event.id(), event.source(), key);
        watched.add(what);
        if (at > judgedAt.getOrDefault(what, Long.MIN_VALUE)) {
          boolean silent =
              service.eventMillisAt(to.toEpochMilli()) - service.eventMillis() > SILENT_MILLIS;
          Due due = new Due(rule, event, next.get(key), at, silent);
          if (slow.contains(what) || !isJudgedQuickly(what, due)) {
            waiting.put(what, due);
          }
        }
      }
      next.put(key, event.time().toEpochMilli());
    }
    return watched;
  }

  private boolean isJudgedQuickly(String what, Due due) {
    long begin = nanos.getAsLong();
    try {
      // What cannot be compared yet may be at the next look, without any more samples: these are
      // heard of before the last of them can be read.
      if (judge(what, due, engine.until(begin + QUICK)) || due.silent()) {
        judgedAt.put(what, due.at());
      }
    } catch (RuntimeException e) {
      if (e instanceof QueryException && nanos.getAsLong() - begin >= QUICK) {
        slow.add(what);
        return false;
      }
      // At the next look again: there may be no more samples of it.
      failed(what, e);
    }
    return true;
  }

  private void judgeSlow(String what, Due due) {
    slow.remove(what);
    judgedAt.put(what, due.at());
    long begin = nanos.getAsLong();
    try {
      judge(what, due, engine);
    } catch (RuntimeException e) {
      failed(what, e);
    }
    if (nanos.getAsLong() - begin >= QUICK) {
      slow.add(what);
    }
  }

  /**
   * Fails if a signal has no answer now, or takes too much.
   *
   * @return whether there was enough to compare
   */
  private boolean judge(String what, Due due, QueryEngine by) {
    Judge judge = new Judge(golden.get().by(by));
    Optional<Finding> found =
        deployments.finding(judge, due.rule(), due.event(), due.replaced(), due.at());
    found.ifPresent(finding -> box.put(due.rule(), List.of(finding)));
    failures.worked(what);
    return found.isPresent() && found.get().observation() != Observation.UNKNOWN;
  }

  private void failed(String what, RuntimeException e) {
    if (failures.failed(what, String.valueOf(e.getMessage()))) {
      LOG.atWarn().addKeyValue("what", what).setCause(e).log("deployments could not be judged");
    }
  }
}
