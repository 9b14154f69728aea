package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.ExpressionRules;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.RuleTimes;
import dev.watchtower.ingest.detection.SignalRules;
import dev.watchtower.ingest.detection.anomaly.AnomalyWatch;
import dev.watchtower.ingest.detection.jdbc.SignalWriter;
import dev.watchtower.ingest.detection.slo.SloWatch;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.Pace;
import dev.watchtower.ingest.golden.Rests;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.golden.SignalBoard;
import dev.watchtower.ingest.golden.SignalFeed;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Golden signals and detection as samples arrive. The thread that hears of samples only marks what
 * they concern; one worker computes, at once when it is idle, rules before golden signals. What is
 * asked for again while it waits is computed once, a service or rule takes at most one part in
 * {@value Rests#SHARE} of the worker's time, and all golden signals together at most {@link
 * Pace#SHARE} of it: a flood makes it coarser, never late without bound.
 */
public final class DetectionLoop extends OwnThread implements SampleListener {
  private static final Logger LOG = LoggerFactory.getLogger(DetectionLoop.class);
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final QueryEngine engine;
  private final ServiceRegistry registry;
  private final SignalBoard board;
  private final SignalFeed feed;
  private final DetectionMemory memory;
  private final SignalWriter writer;
  private final Clock clock;
  private final Timer evaluations;
  private final MeterRegistry meters;
  private final Turns turns = new Turns(System::nanoTime);
  private final RuleTimes times = new RuleTimes();
  private final SilentServices silent = new SilentServices();
  private final Failures failures = new Failures();
  private final AtomicReference<@Nullable Catalog> newCatalog = new AtomicReference<>();
  private final FindingBox found;
  private final SloWatch slos;
  private final AnomalyWatch anomalies;
  private final Detector detector = new Detector(new RuleBook(List.of()));
  private final ExpressionRules expressions;
  private final SignalRules signalRules;
  private final CurrentGoldenSignals golden;
  private final Listening listening;
  private final Hearing hearing;
  private volatile RuleBook rules = new RuleBook(List.of());
  private volatile boolean restored;
  private GoldenSignals signalsNow;
  private boolean recalled;

  /**
   * Not started yet.
   *
   * @param engine for rules and the signals of now; one query of it holds up everything else here
   */
  DetectionLoop(
      QueryEngine engine,
      ServiceRegistry registry,
      CurrentGoldenSignals golden,
      SignalBoard board,
      SignalFeed feed,
      DetectionMemory memory,
      SignalWriter writer,
      Clock clock,
      MeterRegistry meters,
      SloWatch slos,
      FindingBox found,
      AnomalyWatch anomalies,
      Listening listening) {
    // After the writer, before the doors.
    super("detection", 200, End.INTERRUPTED);
    this.slos = slos;
    this.found = found;
    this.anomalies = anomalies;
    this.engine = engine;
    this.registry = registry;
    this.board = board;
    this.feed = feed;
    this.memory = memory;
    this.writer = writer;
    this.clock = clock;
    this.listening = listening;
    this.hearing =
        new Hearing(registry, turns, times, listening, slos, () -> rules, clock::millis, meters);
    this.meters = meters;
    this.evaluations = meters.timer("watchtower.ingest.signals.computed");
    this.golden = golden;
    this.signalsNow = golden.get().by(engine);
    this.expressions = new ExpressionRules(engine, detector, times);
    this.signalRules = new SignalRules(engine, detector, System::nanoTime);
    LoopGauges.register(meters, turns, registry, detector, expressions, signalRules);
  }

  /** The catalog to follow from now on. */
  public void follow(Catalog catalog) {
    newCatalog.set(catalog);
  }

  /** What the catalog asks for and cannot be done, and what fails at present. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>(golden.get().sources().faults());
    faults.addAll(rules.faults());
    faults.addAll(slos.faults());
    faults.addAll(failures.told());
    faults.addAll(detector.faults());
    return faults;
  }

  /** Whether the state from before the restart is known again, so that rules are decided. */
  public boolean isReady() {
    return restored;
  }

  @Override
  public String name() {
    return "detection";
  }

  @Override
  public void accepted(AcceptedBatch batch) {
    hearing.accepted(batch);
  }

  @Override
  public void missed(long samples) {
    hearing.missed(samples);
  }

  @Override
  public void paused() {
    hearing.paused();
  }

  @Override
  protected void work() throws InterruptedException {
    long lastTick = System.nanoTime() - TICK_NANOS;
    long untilFlush = LOOK_NANOS;
    try {
      while (goesOn()) {
        try {
          takeNew();
          if (System.nanoTime() - lastTick >= TICK_NANOS) {
            lastTick = System.nanoTime();
            turns.review();
            tickOnce();
          }
          judge();
          Work work = turns.next(Math.min(LOOK_NANOS, untilFlush));
          if (work != null) {
            compute(work);
          }
          untilFlush = feed.flush(System.nanoTime());
          failures.worked("detection");
        } catch (RuntimeException e) {
          failed("detection", e);
        }
      }
    } finally {
      // After an Error it is begun anew, and the models are still its own.
      if (!goesOn()) {
        anomalies.end();
      }
    }
  }

  private void takeNew() throws InterruptedException {
    Catalog catalog = newCatalog.getAndSet(null);
    try {
      if (catalog != null) {
        take(catalog);
      }
    } catch (RuntimeException | Error e) {
      failed("the catalog", e);
      newCatalog.compareAndSet(null, catalog);
    }
  }

  // A failure of its own: the passes between two ticks do not mend it.
  private void tickOnce() throws InterruptedException {
    try {
      tick();
      failures.worked("what is due each second");
    } catch (RuntimeException e) {
      failed("what is due each second", e);
    }
  }

  private void judge() throws InterruptedException {
    for (FindingBox.Found next = found.poll(); next != null; next = found.poll()) {
      if (restored) {
        writer.write(detector.onFindings(next.rule(), next.findings()));
      }
    }
  }

  private void take(Catalog catalog) throws InterruptedException {
    golden.set(golden.get().of(new GoldenSources(catalog.goldenSignals())));
    signalsNow = golden.get().by(engine);
    // A rule that was mended is not to wait.
    rules.onExpressions().keySet().forEach(rule -> turns.forget(new Work.OfRule(rule)));
    RuleBook book = new RuleBook(catalog.rules(), catalog.slos(), rules);
    times.follow(book.onExpressions(), recalled ? clock.millis() : Long.MIN_VALUE);
    rules = book;
    listening.follow(book.noData());
    slos.follow(catalog, book);
    anomalies.follow(book.onAnomalies());
    registry.watch(signalsNow.sources(), metric -> book.reads(metric) || slos.reads(metric));
    failures.keep(_ -> false);
    for (String fault : faults()) {
      LOG.atError().addKeyValue("fault", fault).log("a part of the catalog cannot be used");
    }
    if (restored) {
      writer.write(detector.take(rules, clock.millis()));
    }
    rules.onExpressions().keySet().forEach(rule -> turns.ask(new Work.OfRule(rule)));
  }

  private void compute(Work work) throws InterruptedException {
    long begin = System.nanoTime();
    List<Detected> detected = List.of();
    detector.clock(clock.millis(), listening.since());
    try {
      detected =
          switch (work) {
            case Work.OfService(ObservedService service) -> signals(service);
            case Work.OfRule(String rule) -> rule(rule);
          };
      failures.worked(work.name());
      turns.done(work, begin);
    } catch (RuntimeException e) {
      // Storage does not answer, or an expression has no answer.
      failed(work.name(), e);
      turns.failed(work, begin, e instanceof QueryException query && query.isTooMuch());
    }
    evaluations.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    // Not part of what the work took: the writer may wait for the database.
    writer.write(detected);
  }

  private void failed(String what, Throwable e) {
    meters.counter("watchtower.ingest.detection.failed").increment();
    if (failures.failed(what, String.valueOf(e.getMessage()))) {
      LOG.atWarn().addKeyValue("what", what).setCause(e).log("detection failed, and goes on");
    }
  }

  private List<Detected> signals(ObservedService service) {
    long now = clock.millis();
    if (silent.computed(service.key(), now)) {
      return detector.onSignals(signalsNow.at(service, service.eventMillisAt(now)));
    }
    recall(now);
    SignalSnapshot snapshot = signalsNow.at(service, service.eventMillis());
    board.put(snapshot);
    feed.offer(snapshot, System.nanoTime());
    if (!recalled) {
      return List.of();
    }
    anomalies.observe(snapshot, detector.troubledSince(snapshot.key()));
    return signalRules.look(signalsNow, service, snapshot, now);
  }

  private List<Detected> rule(String name) {
    RuleBook.ExpressionRule rule = rules.onExpressions().get(name);
    long now = clock.millis();
    recall(now);
    // Before that storage replays its log: there is nothing to read yet, which is no failure.
    if (rule == null || !recalled || hearing.passesOver(rule, now)) {
      return List.of();
    }
    return expressions.look(
        rule,
        listening.isSettling(rule.expr(), now),
        () -> registry.timeOf(k -> rule.rule().covers(k.service(), k.env()), now),
        now);
  }

  private void tick() throws InterruptedException {
    long now = clock.millis();
    if (!restored || !recalled) {
      restore(now);
      return;
    }
    registry.all().stream()
        .filter(service -> service.backfill().isDue(now))
        .forEach(service -> turns.ask(new Work.OfService(service)));
    silence(now);
    writer.write(
        detector.endUnwatched(
            key -> registry.find(key).map(service -> service.eventMillisKnown(now)).orElse(now),
            now));
    forget(now);
    memory.keep(detector, anomalies, now);
    anomalies.tend(now);
  }

  private void forget(long now) throws InterruptedException {
    SilentServices.Gone silences = SilentServices.gone(detector, registry, now);
    for (ServiceKey key : silences.forgotten()) {
      registry.find(key).map(Work.OfService::new).ifPresent(turns::forget);
      failures.worked("services." + key);
      registry.forget(key);
      board.remove(key);
      feed.remove(key);
      silent.forget(key);
      anomalies.forget(key);
    }
    if (!silences.isEmpty()) {
      writer.write(detector.forget(silences.forgotten(), now));
      // When they come back they begin with what was saved.
      silences.missed().forEach(anomalies::forget);
      writer.write(detector.endAnomalies(silences.missed(), now));
    }
  }

  private void restore(long now) throws InterruptedException {
    if (!memory.isOpen()) {
      return;
    }
    try {
      if (!restored) {
        memory.restore(detector, anomalies);
        restored = true;
        writer.write(detector.take(rules, now));
      }
      recall(now);
    } catch (RuntimeException e) {
      // The database is not there yet: again at the next tick.
      LOG.atDebug().setCause(e).log("detection waits for the database");
    }
  }

  /** Not only with the tick: samples must not be decided on as if there had been no restart. */
  private void recall(long now) {
    if (!restored || recalled) {
      return;
    }
    try {
      memory.recall(registry, detector, now);
      recalled = true;
      listening.begin(now, memory.outage());
      times.decided(memory.newest());
      rules.onExpressions().keySet().forEach(rule -> turns.ask(new Work.OfRule(rule)));
      LOG.atInfo().addKeyValue("firing", detector.firing()).log("detection is ready");
    } catch (StoreUnavailableException e) {
      // Storage is replaying its log, which can take a while: again at the next tick.
      LOG.atDebug().setCause(e).log("detection waits for storage");
    }
  }

  private void silence(long now) throws InterruptedException {
    hearing.look(now);
    detector.clock(now, listening.since());
    Set<ServiceKey> open = detector.openOnSignals();
    if (SilentServices.mayBeMissed(rules, registry.all(), now)
        || times.anyIdle(listening.since(), now)
        || !silent.overdue(open, registry, listening.since(), now).isEmpty()) {
      hearing.doubt();
    }
    times.due(listening.since(), now).forEach(rule -> turns.ask(new Work.OfRule(rule)));
    for (ServiceKey key : silent.overdue(open, registry, listening.since(), now)) {
      silent.ask(key);
      registry.find(key).ifPresent(service -> turns.ask(new Work.OfService(service)));
    }
    writer.write(detector.onSilence(registry.all(), listening.since(), now));
  }
}
