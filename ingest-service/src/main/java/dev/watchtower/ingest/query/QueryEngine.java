package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from the stored series. Free of state; any number of threads. All times are
 * milliseconds since the epoch.
 */
public final class QueryEngine {
  /** How far back an instant vector looks for the last sample, unless told otherwise: 5 minutes. */
  public static final long LOOKBACK_MILLIS = 5 * 60_000;

  private final SeriesStore store;
  private final QueryLimits limits;
  private final LongSupplier nanos;
  private final SharedSamples.@Nullable Share share;
  private final @Nullable SharedSamples shared;
  private final @Nullable Long deadline;

  /**
   * @param nanos a clock for elapsed time, {@code System::nanoTime}
   */
  public QueryEngine(SeriesStore store, QueryLimits limits, LongSupplier nanos) {
    this(store, limits, nanos, null, null, null);
  }

  private QueryEngine(
      SeriesStore store,
      QueryLimits limits,
      LongSupplier nanos,
      SharedSamples.@Nullable Share share,
      @Nullable SharedSamples shared,
      @Nullable Long deadline) {
    this.store = store;
    this.limits = limits;
    this.nanos = nanos;
    this.share = share;
    this.shared = shared;
    this.deadline = deadline;
  }

  /** This engine for one query, whose samples are counted in the share. For one thread. */
  public QueryEngine within(SharedSamples.Share of) {
    return new QueryEngine(store, limits, nanos, of, null, null);
  }

  /**
   * This engine for several range queries one after the other: the samples of each count among
   * those shared while it runs, and none runs on after the deadline.
   *
   * @param until by the clock for elapsed time
   */
  public QueryEngine sharing(SharedSamples of, long until) {
    return new QueryEngine(store, limits, nanos, null, of, until);
  }

  /**
   * This engine for range queries whose samples count among those shared while each runs. A query
   * that finds no room is told to come back.
   */
  public QueryEngine sharing(SharedSamples of) {
    return new QueryEngine(store, limits, nanos, null, of, null);
  }

  /**
   * This engine for several queries, none of which runs on after the deadline.
   *
   * @param end by the clock for elapsed time
   */
  public QueryEngine until(long end) {
    return new QueryEngine(store, limits, nanos, share, shared, end);
  }

  /** This engine for a query that is given up after that time, or when its limits say so. */
  public QueryEngine until(Duration longest) {
    // Longer than its limit is no time to count with.
    return longest.compareTo(limits.timeout()) < 0
        ? until(nanos.getAsLong() + longest.toNanos())
        : this;
  }

  /** The same series under other limits, and its samples counted for none but itself. */
  public QueryEngine under(QueryLimits other) {
    return new QueryEngine(store, other, nanos);
  }

  /** The limits it works under. */
  public QueryLimits limits() {
    return limits;
  }

  /** The series, to be searched within the time of one query, which begins now. */
  public SeriesStore series() {
    return store.checked(new Budget(limits, nanos, share, deadline)::checkTime);
  }

  /**
   * Several expressions at one instant; what they share is read and computed once.
   *
   * @param lookback how far back an instant vector looks for the last sample, in milliseconds
   */
  public Instant at(long time, long lookback) {
    return over(time, time, lookback).at(time);
  }

  /**
   * Several expressions at several instants, as {@link #at(long, long)} for each: the series are
   * read once for all of them.
   *
   * @param first the first instant, which is not after {@code last}
   * @param last the last one
   * @param lookback how far back an instant vector looks for the last sample, in milliseconds
   */
  public Span over(long first, long last, long lookback) {
    return new Span(
        new Evaluator(store, new Budget(limits, nanos, share, deadline), first, last, lookback));
  }

  /**
   * The value of an expression at one instant; a plain range selector yields its raw samples.
   *
   * @throws QueryException if the data does not allow it or a limit is reached
   */
  public Value instant(Expr expr, long time) {
    return at(time, LOOKBACK_MILLIS).value(expr);
  }

  /**
   * The value of an expression at {@code start}, {@code start + step}, … up to {@code end}.
   *
   * @throws QueryException if the range is wrong, the data does not allow it, or a limit is reached
   */
  public Value.Matrix range(Expr expr, long start, long end, long step) {
    return range(expr, start, end, step, LOOKBACK_MILLIS);
  }

  /**
   * The same.
   *
   * @param lookback how far back an instant vector looks for the last sample, in milliseconds
   */
  public Value.Matrix range(Expr expr, long start, long end, long step, long lookback) {
    if (step <= 0) {
      throw QueryException.badData(
          "zero or negative query resolution step widths are not accepted");
    }
    if (end < start) {
      throw QueryException.badData("end timestamp must not be before start time");
    }
    if ((end - start) / step > limits.maxSteps()) {
      throw QueryException.badData(
          "exceeded maximum resolution of "
              + limits.maxSteps()
              + " points per timeseries. Try decreasing the query resolution (?step=XX)");
    }
    if (expr.type() == Expr.ValueType.RANGE_VECTOR || expr.type() == Expr.ValueType.STRING) {
      throw QueryException.badData(
          "invalid expression type \""
              + expr.type().described()
              + "\" for range query, must be Scalar or instant Vector");
    }
    if (shared == null) {
      return range(expr, start, end, step, lookback, new Budget(limits, nanos, share, deadline));
    }
    try (SharedSamples.Share own = shared.share()) {
      return range(expr, start, end, step, lookback, new Budget(limits, nanos, own, deadline));
    }
  }

  private Value.Matrix range(
      Expr expr, long start, long end, long step, long lookback, Budget budget) {
    Evaluator evaluator = new Evaluator(store, budget, start, end, lookback);
    Columns columns = new Columns(budget);
    for (long time = start; time <= end; time += step) {
      budget.checkTime();
      if (time > start && evaluator.foundNoSeries() && Expressions.isEmptyWithoutSeries(expr)) {
        // Nor is there anything at any other instant: what it selects was read for all of them.
        break;
      }
      switch (evaluator.at(time).value(expr)) {
        case Value.Scalar scalar ->
            columns.add(time, List.of(new Value.Sample(Labels.EMPTY, scalar.value())));
        case Value.Vector vector -> columns.add(time, vector.samples());
        case Value.Matrix _, Value.Text _ -> throw new IllegalStateException("checked above");
      }
    }
    List<Value.Points> series = columns.drained();
    series.sort(Comparator.comparing(Value.Points::labels, LabelMemo.ORDER));
    return new Value.Matrix(series);
  }

  /** Instants one after the other, sharing what is read for them. For one thread. */
  public static final class Span {
    private final Evaluator evaluator;

    private Span(Evaluator evaluator) {
      this.evaluator = evaluator;
    }

    /** One of the instants, not before the last one, which is at an end with this. */
    public Instant at(long time) {
      return new Instant(evaluator.at(time));
    }
  }

  /** Expressions at one instant, sharing what they read. For one thread. */
  public static final class Instant {
    private final Evaluator evaluator;

    private Instant(Evaluator evaluator) {
      this.evaluator = evaluator;
    }

    /**
     * The value at the instant.
     *
     * @throws QueryException if the data does not allow it or a limit is reached
     */
    public Value value(Expr expr) {
      return expr instanceof Expr.Range range ? evaluator.matrix(range) : evaluator.value(expr);
    }
  }
}
