package dev.watchtower.ingest.detection.slo.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.Failures;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.slo.BurnRateRules;
import dev.watchtower.ingest.detection.slo.OwnGaps;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloReading;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.detection.slo.SloWatch;
import dev.watchtower.ingest.golden.Rests;
import dev.watchtower.ingest.golden.WorkQueue;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts SLOs as their samples arrive and has the burn-rate rules applied. One thread; an SLO takes
 * at most one part in {@value Rests#SHARE} of its time (more if it takes over 15 s at once: it
 * rests 5 minutes at most) and is counted at most five times a second. One that is not counted
 * within {@link #LONGEST} is given up, told, and tried again after a rest.
 */
public final class SloLoop extends OwnThread implements SloWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SloLoop.class);
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_REST = TimeUnit.MINUTES.toNanos(5);

  /** How long an SLO may be counted at once. */
  public static final Duration LONGEST = Duration.ofSeconds(10);

  private static final long IDLE_MILLIS = 15_000;
  private static final long MISSED_MILLIS = Duration.ofMinutes(10).toMillis();

  private record Span(long oldest, long newest) {
    Span with(Span other) {
      return new Span(Math.min(oldest, other.oldest), Math.max(newest, other.newest));
    }
  }

  private final SloBoard board;
  private final QueryEngine engine;
  private final FindingBox box;
  private final OwnGaps gaps;
  private final Clock clock;
  private final MeterRegistry meters;
  private final Timer counted;
  private final WorkQueue<String> queue = new WorkQueue<>(System::nanoTime);
  private final Map<String, Span> changed = new ConcurrentHashMap<>();
  private final Rests<String> rests = new Rests<>(LONGEST_REST);
  private final Map<String, Long> lookedAt = new ConcurrentHashMap<>();
  private volatile RuleBook rules = new RuleBook(List.of());
  private final Failures failures = new Failures();

  /**
   * Not started yet.
   *
   * @param engine one query of it holds up all other SLOs
   */
  public SloLoop(
      SloBoard board,
      QueryEngine engine,
      FindingBox box,
      OwnGaps gaps,
      Clock clock,
      MeterRegistry meters) {
    // After the writer of signals, before the doors.
    super("slo", 150, End.INTERRUPTED);
    this.board = board;
    this.engine = engine;
    this.box = box;
    this.gaps = gaps;
    this.clock = clock;
    this.meters = meters;
    this.counted = meters.timer("watchtower.ingest.slo.counted");
  }

  @Override
  public void follow(Catalog catalog, RuleBook newRules) {
    board.take(catalog.slos());
    // One that was mended is not to wait.
    rests.keep(_ -> false);
    rules = newRules;
  }

  @Override
  public boolean reads(String metric) {
    return board.reads(metric);
  }

  @Override
  public void heard(Set<String> metrics, long oldest, long newest) {
    if (metrics.isEmpty() || newest == 0) {
      return;
    }
    for (SloTracker tracker : board.all()) {
      Set<String> read = tracker.meter().metrics();
      if (read.isEmpty() || metrics.stream().anyMatch(read::contains)) {
        ask(tracker.meter().slo().name(), new Span(oldest, newest));
      }
    }
  }

  @Override
  public void clockPutBack(long now) {
    changed.replaceAll(
        (_, span) -> new Span(Math.min(span.oldest(), now), Math.min(span.newest(), now)));
    board.all().forEach(tracker -> tracker.clockPutBack(now));
  }

  @Override
  public void missed() {
    long now = clock.millis();
    for (SloTracker tracker : board.all()) {
      ask(tracker.meter().slo().name(), new Span(now - MISSED_MILLIS, now));
    }
  }

  private void ask(String slo, Span span) {
    changed.merge(slo, span, Span::with);
    queue.add(slo, rests.until(slo, System.nanoTime()));
  }

  @Override
  public List<String> faults() {
    List<String> faults = new ArrayList<>(board.faults());
    faults.addAll(failures.told());
    return faults;
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOn()) {
      try {
        String slo = queue.poll(1, TimeUnit.SECONDS);
        if (slo != null) {
          turn(slo);
        }
        idle();
        failures.worked("slos");
      } catch (RuntimeException e) {
        failed("slos", e);
      }
    }
  }

  private void turn(String slo) {
    long now = System.nanoTime();
    long rested = rests.until(slo, now);
    if (rested == now) {
      board.find(slo).ifPresent(this::count);
    } else {
      // Samples that came while it was counted asked for it when its rest had not begun.
      queue.add(slo, rested);
    }
  }

  /** Counts what new samples change, and has the rules applied. For its own thread. */
  void count(SloTracker tracker) {
    String name = tracker.meter().slo().name();
    Span span = changed.remove(name);
    if (span == null) {
      return;
    }
    long begin = System.nanoTime();
    boolean tooMuch = false;
    boolean failed = false;
    try {
      tracker.refresh(engine.until(begin + LONGEST.toNanos()), span.oldest(), span.newest());
      failures.worked("slos." + name);
      Long at = tracker.at();
      if (at != null) {
        judge(tracker, Math.min(at, board.timeOf(tracker, clock.millis())));
      }
    } catch (RuntimeException | Error e) {
      // Storage does not answer, or the expression has no answer now: again in a while.
      failed = true;
      tooMuch = e instanceof QueryException query && query.isTooMuch();
      failed("slos." + name, e);
    }
    long end = System.nanoTime();
    counted.record(end - begin, TimeUnit.NANOSECONDS);
    long usual =
        Math.clamp(
            (end - begin) * Rests.SHARE, failed ? LONGEST_PAUSE : SHORTEST_PAUSE, LONGEST_PAUSE);
    if (tooMuch) {
      rests.tookTooMuch(name, begin, end, usual);
    } else {
      rests.done(name, begin, end, usual);
    }
    if (failed) {
      ask(name, span);
    }
  }

  private void judge(SloTracker tracker, long at) {
    lookedAt.put(tracker.meter().slo().name(), clock.millis());
    if (!board.isComplete(tracker)) {
      return;
    }
    SloReading reading = null;
    for (Catalog.Rule rule : rules.onSlos()) {
      if (rules.watches(rule, tracker.meter().slo().name())) {
        reading = reading == null ? tracker.read(at) : reading;
        box.put(rule, BurnRateRules.findings(rule, reading, tracker.meter().expression(), gaps));
      }
    }
  }

  /** Time by itself moves the windows on. */
  void idle() {
    long now = clock.millis();
    for (SloTracker tracker : board.all()) {
      String name = tracker.meter().slo().name();
      // Not after now: the clock may have been put back.
      if (now - lookedAt.merge(name, now, Math::min) >= IDLE_MILLIS) {
        judge(tracker, board.timeOf(tracker, now));
      }
    }
    lookedAt.keySet().removeIf(name -> board.find(name).isEmpty());
    rests.keep(name -> board.find(name).isPresent());
    changed.keySet().removeIf(name -> board.find(name).isEmpty());
    failures.keep(
        what -> what.equals("slos") || board.find(what.substring("slos.".length())).isPresent());
  }

  private void failed(String what, Throwable e) {
    meters.counter("watchtower.ingest.slo.failed").increment();
    if (failures.failed(what, String.valueOf(e.getMessage()))) {
      LOG.atWarn().addKeyValue("what", what).setCause(e).log("an SLO could not be counted");
    }
  }
}
