package dev.watchtower.ingest.query;

import static dev.watchtower.ingest.query.LabelFunctions.texts;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.SeriesStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tree of a query at one instant after the other, in rising order. Series are read once
 * for the whole span; what the {@link Plan} calls equal is computed once an instant. For one
 * thread.
 */
final class Evaluator {
  private static final long MAX_SUBQUERY_STEPS = 1_000_000;

  private final SeriesStore store;
  private final Budget budget;
  private final long start;
  private final long end;
  private final long lookback;
  private final long queryStart;
  private final long queryEnd;
  private final Plan plan;

  /** By place in the plan: what was read for the whole span. */
  private final Slots<List<SeriesCursor>> fetched = new Slots<>();

  private final Kept kept;
  private final LabelMemo memo;
  private final Aggregation aggregation;
  private final VectorOperation operation;
  private long time;

  /**
   * @param start the first instant it will be asked for
   * @param end the last one
   * @param lookback how far back an instant vector looks for the last sample
   */
  Evaluator(SeriesStore store, Budget budget, long start, long end, long lookback) {
    this(store, budget, new Plan(), start, end, lookback, start, end);
  }

  private Evaluator(
      SeriesStore store,
      Budget budget,
      Plan plan,
      long start,
      long end,
      long lookback,
      long queryStart,
      long queryEnd) {
    this.store = budget.within(store);
    this.budget = budget;
    this.plan = plan;
    this.start = start;
    this.end = end;
    this.lookback = lookback;
    this.queryStart = queryStart;
    this.queryEnd = queryEnd;
    this.kept = new Kept(budget);
    this.memo = new LabelMemo(budget);
    this.aggregation = new Aggregation(memo);
    this.operation = new VectorOperation(memo);
  }

  /** Moves on to an instant, not before the last one. */
  Evaluator at(long instant) {
    time = instant;
    kept.nextInstant();
    return this;
  }

  /** Whether all that was read so far, for all instants, are no series. */
  boolean foundNoSeries() {
    return fetched.all(List::isEmpty);
  }

  Value value(Expr expr) {
    budget.checkTime();
    return switch (expr) {
      case Expr.NumberLiteral number -> new Value.Scalar(number.value());
      case Expr.StringLiteral string -> new Value.Text(string.value());
      case Expr.Range range -> matrix(range);
      case Expr.VectorSelector _, Expr.Negation _, Expr.Binary _, Expr.Aggregate _, Expr.Call _ -> {
        int place = plan.place(expr);
        Value value = kept.value(place);
        if (value == null) {
          value = computed(place, expr);
          // Each counts: of a deep tree, the left sides of all operators wait for their right ones.
          kept.keep(place, value);
        }
        yield value;
      }
    };
  }

  private Value computed(int place, Expr expr) {
    return switch (expr) {
      case Expr.VectorSelector selector -> selected(selector, false);
      case Expr.Negation negation -> negated(negation, value(negation.operand()));
      case Expr.Binary binary -> binary(binary);
      case Expr.Aggregate aggregate -> aggregated(place, aggregate);
      case Expr.Call call -> call(call);
      case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.Range _ ->
          throw new IllegalStateException("nothing to compute: " + expr);
    };
  }

  private double scalar(Expr expr) {
    return ((Value.Scalar) value(expr)).value();
  }

  private List<Value.Sample> vector(Expr expr) {
    return ((Value.Vector) value(expr)).samples();
  }

  private Value.Vector selected(Expr.VectorSelector selector, boolean timestamps) {
    long to = from(selector.pin(), time) - selector.offsetMillis();
    List<Value.Sample> samples = new ArrayList<>();
    long first = from(selector.pin(), start) - selector.offsetMillis();
    long reach = Math.max(lookback, store.spacing(first));
    // Where there is one sample an hour, it holds for an hour.
    long back = Math.max(lookback, store.spacing(to));
    for (SeriesCursor series : series(selector, selector, reach, 0, true)) {
      Window window = series.window(to - back, to);
      if (window.size() > 0 && !Samples.isStale(window.last())) {
        samples.add(
            new Value.Sample(
                series.labels(),
                timestamps ? window.time(window.size() - 1) / 1000.0 : window.last()));
      }
    }
    return new Value.Vector(samples);
  }

  /** The instant that a selector or subquery looks from. */
  private long from(Expr.@Nullable Pin pin, long unpinned) {
    return switch (pin) {
      case null -> unpinned;
      case Expr.Pin.At at -> at.millis();
      case Expr.Pin.Start _ -> queryStart;
      case Expr.Pin.End _ -> queryEnd;
    };
  }

  /** The raw samples of a range. */
  Value.Matrix matrix(Expr.Range range) {
    List<Value.Points> points = new ArrayList<>();
    long to = from(range.pin(), time) - range.offsetMillis();
    for (SeriesCursor series : series(range)) {
      Window window = series.window(to - range.rangeMillis(), to);
      if (window.size() > 0) {
        points.add(new Value.Points(series.labels(), window.copiedTimes(), window.copied()));
      }
    }
    points.sort(Comparator.comparing(Value.Points::labels, LabelMemo.ORDER));
    return new Value.Matrix(points);
  }

  /** How far before its range a sample may be of which it counts what rises from there. */
  private long reach(Expr.Range range, long at) {
    long lead = range.leadMillis();
    long begin = from(range.pin(), at) - range.offsetMillis() - range.rangeMillis();
    // The last ones of two hours may lie nearly two hours apart.
    return lead == 0 ? 0 : Math.max(lead, 2 * store.spacing(begin));
  }

  private List<SeriesCursor> series(
      Expr key, Expr.VectorSelector selector, long rangeMillis, long lead, boolean staleMarkers) {
    int place = plan.place(key);
    List<SeriesCursor> series = fetched.get(place);
    if (series == null) {
      budget.checkTime();
      series =
          SeriesCursor.read(
              store,
              selector.matchers(),
              from(selector.pin(), start) - selector.offsetMillis() - rangeMillis,
              from(selector.pin(), end) - selector.offsetMillis(),
              lead,
              staleMarkers,
              budget);
      fetched.set(place, series);
    }
    return series;
  }

  private List<SeriesCursor> series(Expr.Range range) {
    return switch (range) {
      case Expr.MatrixSelector matrix ->
          series(matrix, matrix.selector(), matrix.rangeMillis(), reach(matrix, start), false);
      case Expr.Subquery subquery -> {
        int place = plan.place(subquery);
        List<SeriesCursor> series = fetched.get(place);
        if (series == null) {
          series = computed(subquery);
          fetched.set(place, series);
        }
        yield series;
      }
    };
  }

  /** The points of a subquery, at multiples of its step, for all instants that will be asked. */
  private List<SeriesCursor> computed(Expr.Subquery subquery) {
    long step = subquery.stepMillis();
    long after =
        from(subquery.pin(), start)
            - subquery.offsetMillis()
            - subquery.rangeMillis()
            - subquery.leadMillis();
    long to = from(subquery.pin(), end) - subquery.offsetMillis();
    long first = (Math.floorDiv(after, step) + 1) * step;
    if ((to - first) / step > MAX_SUBQUERY_STEPS) {
      throw QueryException.tooMuch(
          "a subquery of more than " + MAX_SUBQUERY_STEPS + " steps: shorten it or widen its step");
    }
    Evaluator inner = new Evaluator(store, budget, plan, first, to, lookback, queryStart, queryEnd);
    Columns columns = new Columns(budget);
    for (long at = first; at <= to; at += step) {
      budget.checkTime();
      columns.add(at, inner.at(at).vector(subquery.operand()));
    }
    return columns.drained().stream().map(SeriesCursor::of).toList();
  }

  private Value negated(Expr negation, Value operand) {
    return operand instanceof Value.Scalar scalar
        ? new Value.Scalar(-scalar.value())
        : mapped(negation, ((Value.Vector) operand).samples(), v -> -v);
  }

  private Value binary(Expr.Binary binary) {
    Value left = value(binary.left());
    Value right = value(binary.right());
    if (left instanceof Value.Vector l && right instanceof Value.Vector r) {
      return operation.betweenVectors(binary, l.samples(), r.samples());
    }
    if (left instanceof Value.Scalar l && right instanceof Value.Scalar r) {
      return new Value.Scalar(
          binary.op().isComparison()
              ? (binary.op().holds(l.value(), r.value()) ? 1 : 0)
              : binary.op().apply(l.value(), r.value()));
    }
    return unique(
        binary,
        left instanceof Value.Vector l
            ? operation.withScalar(binary, l.samples(), ((Value.Scalar) right).value(), false)
            : operation.withScalar(
                binary, ((Value.Vector) right).samples(), ((Value.Scalar) left).value(), true));
  }

  private Value aggregated(int place, Expr.Aggregate aggregate) {
    List<Value.Sample> samples = vector(aggregate.operand());
    kept.count(place, samples.size());
    return switch (aggregate.parameter()) {
      case null -> aggregation.apply(place, aggregate, Double.NaN, samples);
      case Expr.StringLiteral label ->
          aggregation.countValues(aggregate.grouping(), label.value(), samples);
      case Expr parameter -> aggregation.apply(place, aggregate, scalar(parameter), samples);
    };
  }

  private Value call(Expr.Call call) {
    List<Expr> arguments = call.arguments();
    Function function = call.function();
    if (function.isOverRange()) {
      return overRange(call);
    }
    return switch (function) {
      case TIME -> new Value.Scalar(time / 1000.0);
      case VECTOR ->
          new Value.Vector(List.of(new Value.Sample(Labels.EMPTY, scalar(arguments.getFirst()))));
      case SCALAR_OF -> {
        List<Value.Sample> samples = vector(arguments.getFirst());
        yield new Value.Scalar(samples.size() == 1 ? samples.getFirst().value() : Double.NaN);
      }
      case ABSENT -> absent(arguments.getFirst(), vector(arguments.getFirst()).isEmpty());
      case TIMESTAMP ->
          arguments.getFirst() instanceof Expr.VectorSelector selector
              ? mapped(call, selected(selector, true).samples(), v -> v)
              : mapped(call, vector(arguments.getFirst()), _ -> time / 1000.0);
      case SORT -> Aggregation.sorted(vector(arguments.getFirst()), false);
      case SORT_DESC -> Aggregation.sorted(vector(arguments.getFirst()), true);
      case HISTOGRAM_QUANTILE ->
          HistogramQuantile.apply(memo, scalar(arguments.get(0)), vector(arguments.get(1)));
      case CLAMP, CLAMP_MAX, CLAMP_MIN -> clamped(call);
      case ROUND -> {
        double nearest = arguments.size() > 1 ? 1 / scalar(arguments.get(1)) : 1;
        yield mapped(
            call, vector(arguments.getFirst()), v -> Math.floor(v * nearest + 0.5) / nearest);
      }
      case PI -> new Value.Scalar(Math.PI);
      case LABEL_REPLACE ->
          LabelFunctions.replace(memo, plan.place(call), vector(arguments.getFirst()), texts(call));
      case LABEL_JOIN ->
          LabelFunctions.join(memo, plan.place(call), vector(arguments.getFirst()), texts(call));
      case SORT_BY_LABEL -> LabelFunctions.sorted(vector(arguments.getFirst()), texts(call), false);
      case SORT_BY_LABEL_DESC ->
          LabelFunctions.sorted(vector(arguments.getFirst()), texts(call), true);
      default -> {
        DoubleUnaryOperator change = Elementwise.of(function);
        if (change == null) {
          throw new IllegalStateException(function + " is not evaluated");
        }
        // Without an argument, the parts of the date are of now.
        yield arguments.isEmpty()
            ? new Value.Vector(
                List.of(new Value.Sample(Labels.EMPTY, change.applyAsDouble(time / 1000.0))))
            : mapped(call, vector(arguments.getFirst()), change);
      }
    };
  }

  private Value clamped(Expr.Call call) {
    List<Expr> arguments = call.arguments();
    // Read in any case: of what was not, nobody knows whether it has series at other instants.
    List<Value.Sample> samples = vector(arguments.getFirst());
    double first = scalar(arguments.get(1));
    double low = call.function() == Function.CLAMP_MAX ? Double.NEGATIVE_INFINITY : first;
    double high =
        switch (call.function()) {
          case CLAMP -> scalar(arguments.get(2));
          case CLAMP_MAX -> first;
          default -> Double.POSITIVE_INFINITY;
        };
    return high < low
        ? Value.Vector.EMPTY
        : mapped(call, samples, v -> Math.max(low, Math.min(high, v)));
  }

  private Value overRange(Expr.Call call) {
    List<Double> parameters = new ArrayList<>(2);
    Expr.Range range = null;
    for (Expr argument : call.arguments()) {
      if (argument instanceof Expr.Range found) {
        range = found;
      } else {
        parameters.add(scalar(argument));
      }
    }
    if (range == null) {
      throw new IllegalStateException("the parser lets only these have a range");
    }
    long to = from(range.pin(), time) - range.offsetMillis();
    long reach = reach(range, time);
    boolean keepName = call.function() == Function.LAST_OVER_TIME;
    List<Value.Sample> samples = new ArrayList<>();
    for (SeriesCursor series : series(range)) {
      Window window = series.window(to - range.rangeMillis(), to);
      if (window.size() == 0) {
        continue;
      }
      if (call.function() == Function.ABSENT_OVER_TIME) {
        return Value.Vector.EMPTY;
      }
      OptionalDouble value =
          reach > 0
              ? RangeFunctions.counted(window, reach)
              : RangeFunctions.apply(call.function(), window, time, parameters);
      if (value.isPresent()) {
        Labels labels = keepName ? series.labels() : series.withoutName(memo);
        samples.add(new Value.Sample(labels, value.getAsDouble()));
      }
    }
    return call.function() == Function.ABSENT_OVER_TIME
        ? absent(range instanceof Expr.MatrixSelector matrix ? matrix.selector() : range, true)
        : unique(call, samples);
  }

  private Value absent(Expr argument, boolean isAbsent) {
    return isAbsent
        ? new Value.Vector(List.of(new Value.Sample(AbsentLabels.of(argument), 1)))
        : Value.Vector.EMPTY;
  }

  /** Each value changed; the name is dropped, because it no longer fits. */
  private Value mapped(Expr part, List<Value.Sample> samples, DoubleUnaryOperator change) {
    List<Value.Sample> mapped = new ArrayList<>(samples.size());
    for (Value.Sample sample : samples) {
      mapped.add(
          new Value.Sample(
              memo.withoutName(sample.labels()), change.applyAsDouble(sample.value())));
    }
    return unique(part, mapped);
  }

  private Value.Vector unique(Expr part, List<Value.Sample> samples) {
    return kept.unique(plan.place(part), samples);
  }
}
