package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.query.CountedEvents;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts good and all events of an SLO in the stored samples, bucket by bucket. A bucket holds what
 * happened after its start up to its end. Free of state; any threads.
 */
public final class SloMeter {
  private static final long MINUTE = 60_000;
  private static final long LEAD = 15 * MINUTE;

  private final Slo slo;
  private final long bucket;
  private final Set<String> metrics;
  private final boolean inMinutes;

  /**
   * The meter of an SLO.
   *
   * @throws QueryException if an expression of it cannot be read
   */
  public SloMeter(Slo slo) {
    this.slo = slo;
    Set<String> names = new HashSet<>();
    boolean any = false;
    List<Expr> all = new ArrayList<>();
    switch (slo.indicator()) {
      case Slo.Events events -> {
        bucket = events.resolution().toMillis();
        all.add(counting(good(events), bucket));
        all.add(counting(events.total(), bucket));
      }
      case Slo.Time time -> {
        bucket = wholePartOfAnHour(time.step().toMillis());
        all.add(looking(time));
      }
    }
    for (Expr expr : all) {
      if (expr.type() == Expr.ValueType.RANGE_VECTOR || expr.type() == Expr.ValueType.STRING) {
        throw QueryException.badData("the expression of an SLO must give an instant vector");
      }
      Set<String> read = Expressions.metrics(expr);
      any |= read.isEmpty();
      names.addAll(read);
    }
    inMinutes =
        slo.indicator() instanceof Slo.Events && all.stream().allMatch(CountedEvents::areInMinutes);
    metrics = any ? Set.of() : Set.copyOf(names);
  }

  /** The SLO it counts. */
  public Slo slo() {
    return slo;
  }

  /** Length of a bucket, milliseconds. */
  public long bucketMillis() {
    return bucket;
  }

  /**
   * How far apart two samples of a counter may be, milliseconds, for what rises between them to
   * count, where the later one is. So one that comes late may change what was counted so much later
   * than itself. 0 for time.
   */
  long leadMillis() {
    return slo.indicator() instanceof Slo.Events ? Math.max(LEAD, bucket) : 0;
  }

  /**
   * Number of the newest bucket that has a part of the time before {@code now}, in milliseconds
   * since the epoch. Time is looked at by the step: there it is the one of the last look, because
   * one that was not looked at yet says nothing.
   */
  long newest(long now) {
    long last =
        switch (slo.indicator()) {
          case Slo.Events _ -> now;
          case Slo.Time time -> Math.floorDiv(now, time.step().toMillis()) * time.step().toMillis();
        };
    return Math.floorDiv(last - 1, bucket);
  }

  /**
   * When a window began, milliseconds since the epoch. One bucket is the least that it can be of.
   * One of time begins with a bucket, since looks have no parts.
   */
  long begin(long now, long length) {
    return switch (slo.indicator()) {
      case Slo.Events _ -> now - Math.max(length, bucket);
      case Slo.Time _ -> (newest(now) + 1 - Math.max(1, length / bucket)) * bucket;
    };
  }

  /**
   * Whether it counts the same where of the samples only the roll-ups of minutes are left. Not of
   * time: a look may be due within a minute, and to a range of a minute one value says nothing.
   */
  public boolean countsInMinutes() {
    return inMinutes;
  }

  /** The metrics it reads; empty if that cannot be said. */
  public Set<String> metrics() {
    return metrics;
  }

  /**
   * What is counted and how finely: only counts of the same can be added up, or put in the place of
   * one another.
   */
  public String counting() {
    String expression = expression();
    return switch (slo.indicator()) {
      case Slo.Events _ ->
          // What was counted with extrapolation, or as rates, is counted anew, so far as there are
          // samples.
          each(expression, bucket)
              + "; each rise once"
              + (expression.contains("rate(") ? ", as events" : "");
      case Slo.Time time -> each(expression, time.step().toMillis());
    };
  }

  private String each(String expression, long step) {
    return expression + "; every " + step + " ms, by " + bucket + " ms";
  }

  /** What is counted, for people. */
  public String expression() {
    return switch (slo.indicator()) {
      case Slo.Events events ->
          (events.bad() == null ? "good: " : "bad: ")
              + filled(good(events))
              + "; total: "
              + filled(events.total());
      case Slo.Time time ->
          "good while "
              + filled(time.expression())
              + " "
              + time.comparison()
              + " "
              + time.threshold();
    };
  }

  private static long wholePartOfAnHour(long step) {
    long minutes = (step + MINUTE - 1) / MINUTE;
    while (60 % minutes != 0) {
      minutes++;
    }
    return minutes * MINUTE;
  }

  private static String good(Slo.Events events) {
    return String.valueOf(events.bad() == null ? events.good() : events.bad());
  }

  /**
   * Counts whole buckets.
   *
   * @param first number of the first bucket; bucket n begins n bucket lengths after the epoch
   * @param last number of the last bucket, included
   * @param until moments after this do not count
   * @throws QueryException if the query has no answer
   */
  public List<Counts> buckets(QueryEngine engine, long first, long last, long until) {
    return switch (slo.indicator()) {
      case Slo.Events events -> {
        long from = (first + 1) * bucket;
        long to = (last + 1) * bucket;
        Map<Long, Double> chosen = sums(engine, counting(good(events), bucket), from, to);
        Map<Long, Double> total = sums(engine, counting(events.total(), bucket), from, to);
        List<Counts> counts = new ArrayList<>();
        for (long end = from; end <= to; end += bucket) {
          counts.add(counts(events, chosen.get(end), total.get(end)));
        }
        yield counts;
      }
      case Slo.Time time -> {
        List<Counts> counts = new ArrayList<>();
        for (long n = first; n <= last; n++) {
          counts.add(moments(engine, time, n * bucket, Math.min(until, (n + 1) * bucket)));
        }
        yield counts;
      }
    };
  }

  /**
   * Counts a bucket that is not over.
   *
   * @param at the end, within the bucket or at its end
   */
  public Counts begun(QueryEngine engine, long number, long at) {
    long start = number * bucket;
    return switch (slo.indicator()) {
      case Slo.Events events ->
          counts(
              events,
              sum(engine.instant(counting(good(events), at - start), at)),
              sum(engine.instant(counting(events.total(), at - start), at)));
      case Slo.Time time -> moments(engine, time, start, at);
    };
  }

  private static Counts counts(Slo.Events events, @Nullable Double chosen, @Nullable Double total) {
    if (total == null || !(total > 0)) {
      return Counts.NONE;
    }
    double some = chosen == null ? 0 : Math.clamp(chosen, 0, total);
    return new Counts(events.bad() == null ? some : total - some, total);
  }

  private Map<Long, Double> sums(QueryEngine engine, Expr expr, long from, long to) {
    Map<Long, Double> sums = new HashMap<>();
    for (Value.Points points : engine.range(expr, from, to, bucket).series()) {
      for (int i = 0; i < points.times().length; i++) {
        if (Double.isFinite(points.values()[i])) {
          sums.merge(points.times()[i], points.values()[i], Double::sum);
        }
      }
    }
    return sums;
  }

  private static @Nullable Double sum(Value value) {
    return switch (value) {
      case Value.Scalar scalar -> Double.isFinite(scalar.value()) ? scalar.value() : null;
      case Value.Vector vector -> {
        double[] finite =
            vector.samples().stream()
                .mapToDouble(Value.Sample::value)
                .filter(Double::isFinite)
                .toArray();
        double sum = 0;
        for (double one : finite) {
          sum += one;
        }
        yield finite.length == 0 ? null : sum;
      }
      case Value.Matrix _, Value.Text _ -> null;
    };
  }

  /** Looks at the multiples of the step after {@code start}, up to {@code end}. */
  private Counts moments(QueryEngine engine, Slo.Time time, long start, long end) {
    long step = time.step().toMillis();
    long first = Math.floorDiv(start, step) * step + step;
    if (first > end) {
      return Counts.NONE;
    }
    Map<Long, Boolean> good = new HashMap<>();
    for (Value.Points points : engine.range(looking(time), first, end, step).series()) {
      for (int i = 0; i < points.times().length; i++) {
        if (!Double.isNaN(points.values()[i])) {
          good.merge(points.times()[i], isGood(time, points.values()[i]), Boolean::logicalAnd);
        }
      }
    }
    return new Counts(good.values().stream().filter(g -> g).count(), good.size());
  }

  private static boolean isGood(Slo.Time time, double value) {
    return switch (time.comparison()) {
      case ">" -> value > time.threshold();
      case ">=" -> value >= time.threshold();
      case "<" -> value < time.threshold();
      default -> value <= time.threshold();
    };
  }

  private Expr counting(String expression, long window) {
    String text = filled(expression);
    long lead = leadMillis();
    return text.contains("$window")
        ? CountedEvents.ofIncreases(
            Parser.parse(text.replace("$window", window + "ms")), window, bucket, lead)
        : CountedEvents.ofCounters(Parser.parse(text), window, lead);
  }

  private Expr looking(Slo.Time time) {
    return Parser.parse(
        filled(time.expression()).replace("$window", time.step().toMillis() + "ms"));
  }

  private String filled(String expression) {
    return expression
        .replace("$service", escaped(slo.service()))
        .replace("$env", escaped(slo.env()));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
