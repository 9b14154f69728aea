package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.ExpressionRules;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.Looked;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.RuleTiming;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.detection.slo.BurnRateRules;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SloMeter;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies a rule to the stored past, with the same decisions as live detection: the samples are
 * read in steps, and each step is given to a {@link Detector}. Live detection looks as samples
 * arrive, which may be more often, so that instants differ by up to a step. For one run.
 *
 * @param services for rules on golden signals and on silence
 * @param deployments those of the time and the rule's watch before it, newest first
 * @param nanos a clock for elapsed time
 */
public record Backtest(
    QueryEngine engine,
    GoldenSignals golden,
    PastServices services,
    List<Slo> slos,
    Deployments known,
    List<ChangeEvent> deployments,
    Silence silence,
    LongSupplier nanos) {
  /** Longest time to look at. */
  public static final Duration LONGEST = Duration.ofDays(7);

  /** Steps at most. */
  public static final int MOST_STEPS = 10_000;

  /** Services looked at, at most. */
  public static final int MOST_SERVICES = 200;

  /** Longest time it may run. */
  public static final Duration LIMIT = Duration.ofSeconds(8);

  private static final long CHUNK = Duration.ofMinutes(30).toMillis();
  private static final long CHANGE_STEP = Duration.ofSeconds(30).toMillis();

  /**
   * Runs a rule.
   *
   * @param from first instant, milliseconds since the epoch
   * @param to last instant
   * @param step milliseconds
   * @throws QueryException if the rule cannot be evaluated, or it takes too long
   */
  public Firings run(Catalog.Rule rule, long from, long to, long step) {
    RuleBook book = new RuleBook(List.of(rule), slos);
    if (!book.faults().isEmpty()) {
      throw QueryException.badData(book.faults().getFirst().replaceFirst("^rules\\.[^:]*: ", ""));
    }
    List<SloMeter> meters = meters(rule, book);
    Detector detector = new Detector(book, longestGap(meters, step));
    Firings firings = new Firings();
    Runnable tick = timer();
    switch (rule.kind()) {
      case THRESHOLD -> {
        RuleBook.ExpressionRule own = book.onExpressions().get(rule.name());
        if (own == null) {
          signals(rule, detector, firings, from, to, step, tick);
        } else {
          expression(own, detector, firings, from, to, step, tick);
        }
      }
      case NO_DATA ->
          silence.run(rule, detector, firings, covered(rule, from, to), from, to, step, tick);
      case BURN_RATE -> burn(rule, meters, detector, firings, from, to, tick);
      case CHANGE -> change(rule, detector, firings, from, to, tick);
      case ANOMALY ->
          new Unusual(golden)
              .run(
                  rule,
                  detector,
                  firings,
                  windows(rule, from, to, step, tick),
                  from,
                  to,
                  step,
                  tick);
      default ->
          throw QueryException.badData(
              "rules of the kind " + rule.kind() + " cannot be back-tested");
    }
    return firings;
  }

  /**
   * The SLOs that a burn-rate rule watches. As live, one that cannot be read is left out, if others
   * are there and the rule does not name it.
   */
  private List<SloMeter> meters(Catalog.Rule rule, RuleBook book) {
    List<SloMeter> meters = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Slo slo : slos) {
      if (book.watches(rule, slo.name()) && rule.covers(slo.service(), slo.env())) {
        try {
          meters.add(new SloMeter(slo));
        } catch (QueryException e) {
          faults.add("slos." + slo.name() + ": " + e.getMessage());
        }
      }
    }
    Catalog.Rule.BurnRate options = rule.burnRate();
    boolean all = options != null && options.slos().contains("*");
    if (!faults.isEmpty() && (meters.isEmpty() || !all)) {
      throw QueryException.badData(faults.getFirst());
    }
    return meters;
  }

  /** A breach that is seen in two steps, one after the other, goes on however long they are. */
  private static Duration longestGap(List<SloMeter> meters, long step) {
    long longest = meters.stream().mapToLong(SloMeter::bucketMillis).max().orElse(step);
    long usual = RuleTiming.LONGEST_GAP.toMillis();
    return Duration.ofMillis(Math.max(usual, 2 * longest));
  }

  private Runnable timer() {
    long deadline = nanos.getAsLong() + LIMIT.toNanos();
    return () -> {
      if (nanos.getAsLong() - deadline > 0) {
        throw QueryException.timeout("the back-test took more than " + LIMIT.toSeconds() + " s");
      }
    };
  }

  private List<ServiceKey> covered(Catalog.Rule rule, long from, long to) {
    return services.covered(rule, from, to, MOST_SERVICES);
  }

  /** The services that the rule looks at, in order, with the windows of their rates. */
  private Map<ServiceKey, Long> windows(
      Catalog.Rule rule, long from, long to, long step, Runnable tick) {
    Map<ServiceKey, Long> windows = new LinkedHashMap<>();
    for (ServiceKey key : covered(rule, from, to)) {
      tick.run();
      windows.put(key, Math.max(step, services.window(key, from, to)));
    }
    return windows;
  }

  private void signals(
      Catalog.Rule rule,
      Detector detector,
      Firings firings,
      long from,
      long to,
      long step,
      Runnable tick) {
    // Some rules have a least traffic; that of one on traffic is the same signal.
    Predicate<String> wanted = signal -> signal.equals(rule.signal()) || signal.equals("traffic");
    windows(rule, from, to, step, tick)
        .forEach((key, window) -> {
          for (long begin = from; begin <= to; begin += CHUNK / step * step + step) {
            tick.run();
            long end = Math.min(to, begin + CHUNK / step * step);
            Map<Long, Map<String, @Nullable Double>> points = new HashMap<>();
            golden
                .history(key, window, begin, end, step, wanted)
                .forEach(point -> points.put(point.ts(), point.signals()));
            for (long at = begin; at <= end; at += step) {
              // An instant without any value is one too: silence is no breach, as it is live.
              SignalSnapshot snapshot =
                  new SignalSnapshot(key, at, window, points.getOrDefault(at, Map.of()), Map.of());
              firings.take(detector.onSignals(snapshot), at);
            }
          }
        });
  }

  private void expression(
      RuleBook.ExpressionRule rule,
      Detector detector,
      Firings firings,
      long from,
      long to,
      long step,
      Runnable tick) {
    for (long begin = from; begin <= to; begin += CHUNK / step * step + step) {
      tick.run();
      long end = Math.min(to, begin + CHUNK / step * step);
      Map<Long, List<Value.Sample>> breaches = at(rule.expr(), begin, end, step);
      Map<Long, List<Value.Sample>> holding =
          rule.hold() == null ? Map.of() : at(rule.hold(), begin, end, step);
      for (long at = begin; at <= end; at += step) {
        firings.take(
            detector.onVector(
                rule,
                at,
                new Looked(
                    breaches.getOrDefault(at, List.of()),
                    holding.getOrDefault(at, List.of()),
                    List.of()),
                false),
            at);
      }
    }
  }

  private Map<Long, List<Value.Sample>> at(Expr expr, long from, long to, long step) {
    return ExpressionRules.byInstant(engine.range(expr, from, to, step));
  }

  private void burn(
      Catalog.Rule rule,
      List<SloMeter> meters,
      Detector detector,
      Firings firings,
      long from,
      long to,
      Runnable tick) {
    for (SloMeter meter : meters) {
      SloTracker tracker = new SloTracker(meter);
      long bucket = meter.bucketMillis();
      long longest = tracker.tiers().getLast().longWindow().toMillis();
      long last = Math.floorDiv(to, bucket) - 1;
      long hour = SloTracker.HOUR / bucket;
      for (long first = Math.floorDiv(from - longest, bucket); first <= last; first += hour) {
        tick.run();
        List<Counts> counts = meter.buckets(engine, first, Math.min(last, first + hour - 1), to);
        for (int i = 0; i < counts.size(); i++) {
          tracker.append(first + i, counts.get(i));
          long at = (first + i + 1) * bucket;
          if (at >= from) {
            firings.take(
                detector.onFindings(
                    rule, BurnRateRules.findings(rule, tracker.read(at), meter.expression())),
                at);
          }
        }
      }
    }
  }

  private void change(
      Catalog.Rule rule, Detector detector, Firings firings, long from, long to, Runnable tick) {
    Judge judge = new Judge(golden);
    Catalog.Rule.Deployment options = rule.deployment();
    Map<ServiceKey, Long> next = new HashMap<>();
    Map<Long, List<Finding>> byTime = new TreeMap<>();
    for (ChangeEvent event :
        deployments.stream().sorted(Comparator.comparing(ChangeEvent::time).reversed()).toList()) {
      ServiceKey key = known.keyOf(event).orElse(null);
      if (key == null || options == null || !Judge.isDeployment(event)) {
        continue;
      }
      long first = event.time().plus(options.settle()).plus(options.window()).toEpochMilli();
      // Two steps: that in which it is seen to be over, and that in which this has lasted.
      long last =
          known.watchedUntil(event, key, options)
              + rule.keepFiringFor().toMillis()
              + 2 * CHANGE_STEP;
      @Nullable Long replaced = next.put(key, event.time().toEpochMilli());
      for (long at = Math.max(first, from); at <= Math.min(last, to); at += CHANGE_STEP) {
        tick.run();
        long now = at;
        known
            .finding(judge, rule, event, replaced, now)
            .ifPresent(f -> byTime.computeIfAbsent(now, _ -> new ArrayList<>()).add(f));
      }
    }
    byTime.forEach((at, findings) ->
        findings.forEach(f -> firings.take(detector.onFindings(rule, List.of(f)), at)));
  }
}
