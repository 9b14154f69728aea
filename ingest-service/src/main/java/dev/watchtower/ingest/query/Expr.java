package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed and type-checked query. Two expressions are equal when they mean the same, wherever they
 * stood in the text; so a part that occurs twice is computed once.
 */
public sealed interface Expr {

  /** What an expression yields. */
  ValueType type();

  /** The types of the query language. */
  enum ValueType {
    SCALAR("scalar"),
    INSTANT_VECTOR("instant vector"),
    RANGE_VECTOR("range vector"),
    STRING("string");

    private final String described;

    ValueType(String described) {
      this.described = described;
    }

    /** As messages call it. */
    String described() {
      return described;
    }
  }

  /** A number, or a duration written as one (in seconds). */
  record NumberLiteral(double value) implements Expr {
    @Override
    public ValueType type() {
      return ValueType.SCALAR;
    }
  }

  /** A string in quotes. */
  record StringLiteral(String value) implements Expr {
    @Override
    public ValueType type() {
      return ValueType.STRING;
    }
  }

  /**
   * Series by name and labels.
   *
   * @param matchers all must match; the metric's name is one of them
   * @param offsetMillis how far back it looks; negative looks forward
   * @param pin the instant it looks from; null for the one that is evaluated
   */
  record VectorSelector(List<Matcher> matchers, long offsetMillis, @Nullable Pin pin)
      implements Expr {
    public VectorSelector {
      matchers = List.copyOf(matchers);
    }

    /** One that looks from the instant that is evaluated. */
    public VectorSelector(List<Matcher> matchers, long offsetMillis) {
      this(matchers, offsetMillis, null);
    }

    @Override
    public ValueType type() {
      return ValueType.INSTANT_VECTOR;
    }
  }

  /** {@code @ 1700000000}, {@code @ start()}, {@code @ end()}. */
  sealed interface Pin {
    /** A fixed instant, in milliseconds since the epoch. */
    record At(long millis) implements Pin {}

    /** The first instant of the query. */
    record Start() implements Pin {}

    /** The last instant of the query. */
    record End() implements Pin {}
  }

  /** What functions over a range take. */
  sealed interface Range extends Expr {
    /** How long the range is. */
    long rangeMillis();

    /** How far back it ends. */
    long offsetMillis();

    /** The instant it looks from; null for the one that is evaluated. */
    @Nullable Pin pin();

    /**
     * How far before the range the last sample is looked for, so that what rises from it to the
     * first one in the range counts; 0 for what the query language says of ranges.
     */
    long leadMillis();

    @Override
    default ValueType type() {
      return ValueType.RANGE_VECTOR;
    }
  }

  /** A selector with a range, {@code x[5m]}. */
  record MatrixSelector(VectorSelector selector, long rangeMillis, long leadMillis)
      implements Range {
    /** One as it is written. */
    public MatrixSelector(VectorSelector selector, long rangeMillis) {
      this(selector, rangeMillis, 0);
    }

    @Override
    public long offsetMillis() {
      return selector.offsetMillis();
    }

    @Override
    public @Nullable Pin pin() {
      return selector.pin();
    }
  }

  /**
   * An expression evaluated again and again over a range, {@code rate(x[1m])[1h:5m]}.
   *
   * @param stepMillis how often, at multiples of it
   */
  record Subquery(
      Expr operand,
      long rangeMillis,
      long stepMillis,
      long offsetMillis,
      @Nullable Pin pin,
      long leadMillis)
      implements Range {
    /** One as it is written. */
    public Subquery(
        Expr operand, long rangeMillis, long stepMillis, long offsetMillis, @Nullable Pin pin) {
      this(operand, rangeMillis, stepMillis, offsetMillis, pin, 0);
    }
  }

  /** Minus in front. */
  record Negation(Expr operand) implements Expr {
    @Override
    public ValueType type() {
      return operand.type();
    }
  }

  /**
   * Two operands.
   *
   * @param returnBool whether a comparison gives 0 or 1 instead of filtering
   * @param matching how the sides of two vectors find each other; null unless both are vectors
   */
  record Binary(
      BinaryOp op, Expr left, Expr right, boolean returnBool, @Nullable VectorMatching matching)
      implements Expr {
    @Override
    public ValueType type() {
      return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
          ? ValueType.SCALAR
          : ValueType.INSTANT_VECTOR;
    }
  }

  /**
   * {@code sum by (a) (x)}.
   *
   * @param parameter for {@code topk}, {@code bottomk}, {@code quantile} a scalar, for {@code
   *     count_values} a string
   */
  record Aggregate(AggregateOp op, Grouping grouping, @Nullable Expr parameter, Expr operand)
      implements Expr {
    @Override
    public ValueType type() {
      return ValueType.INSTANT_VECTOR;
    }
  }

  /** A function call. */
  record Call(Function function, List<Expr> arguments) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public ValueType type() {
      return function.returns();
    }
  }

  /**
   * How results of an aggregation are grouped.
   *
   * @param without whether the labels are the ones to drop, not the ones to keep
   */
  record Grouping(boolean without, List<String> labels) {
    static final Grouping ALL = new Grouping(false, List.of());

    public Grouping {
      labels = List.copyOf(labels);
    }
  }

  /**
   * How series of two vectors are paired.
   *
   * @param on whether only the labels count, or all but them
   * @param cardinality which side may have many series for one of the other
   * @param include labels of the one side to carry over
   */
  record VectorMatching(
      boolean on, List<String> labels, Cardinality cardinality, List<String> include) {
    public VectorMatching {
      labels = List.copyOf(labels);
      include = List.copyOf(include);
    }

    enum Cardinality {
      ONE_TO_ONE,
      MANY_TO_ONE,
      ONE_TO_MANY,
      /** Set operators only. */
      MANY_TO_MANY
    }
  }
}
