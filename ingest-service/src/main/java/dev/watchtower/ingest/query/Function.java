package dev.watchtower.ingest.query;

import static dev.watchtower.ingest.query.Expr.ValueType.INSTANT_VECTOR;
import static dev.watchtower.ingest.query.Expr.ValueType.RANGE_VECTOR;
import static dev.watchtower.ingest.query.Expr.ValueType.SCALAR;
import static dev.watchtower.ingest.query.Expr.ValueType.STRING;

import dev.watchtower.ingest.query.Expr.ValueType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions that are supported, with their signatures. */
public enum Function {
  ABS(INSTANT_VECTOR),
  ABSENT(INSTANT_VECTOR),
  ABSENT_OVER_TIME(RANGE_VECTOR),
  AVG_OVER_TIME(RANGE_VECTOR),
  CEIL(INSTANT_VECTOR),
  ACOS(INSTANT_VECTOR),
  ACOSH(INSTANT_VECTOR),
  ASIN(INSTANT_VECTOR),
  ASINH(INSTANT_VECTOR),
  ATAN(INSTANT_VECTOR),
  ATANH(INSTANT_VECTOR),
  CHANGES(RANGE_VECTOR),
  CLAMP(INSTANT_VECTOR, SCALAR, SCALAR),
  CLAMP_MAX(INSTANT_VECTOR, SCALAR),
  CLAMP_MIN(INSTANT_VECTOR, SCALAR),
  COS(INSTANT_VECTOR),
  COSH(INSTANT_VECTOR),
  COUNT_OVER_TIME(RANGE_VECTOR),
  DAY_OF_MONTH(0, INSTANT_VECTOR),
  DAY_OF_WEEK(0, INSTANT_VECTOR),
  DAY_OF_YEAR(0, INSTANT_VECTOR),
  DAYS_IN_MONTH(0, INSTANT_VECTOR),
  DEG(INSTANT_VECTOR),
  DELTA(RANGE_VECTOR),
  DERIV(RANGE_VECTOR),
  DOUBLE_EXPONENTIAL_SMOOTHING(RANGE_VECTOR, SCALAR, SCALAR),
  EXP(INSTANT_VECTOR),
  FLOOR(INSTANT_VECTOR),
  HISTOGRAM_QUANTILE(SCALAR, INSTANT_VECTOR),
  HOLT_WINTERS(RANGE_VECTOR, SCALAR, SCALAR),
  HOUR(0, INSTANT_VECTOR),
  IDELTA(RANGE_VECTOR),
  INCREASE(RANGE_VECTOR),
  IRATE(RANGE_VECTOR),
  LABEL_JOIN(3, INSTANT_VECTOR, STRING, STRING, STRING),
  LABEL_REPLACE(INSTANT_VECTOR, STRING, STRING, STRING, STRING),
  LAST_OVER_TIME(RANGE_VECTOR),
  LN(INSTANT_VECTOR),
  LOG10(INSTANT_VECTOR),
  LOG2(INSTANT_VECTOR),
  MAD_OVER_TIME(RANGE_VECTOR),
  MAX_OVER_TIME(RANGE_VECTOR),
  MIN_OVER_TIME(RANGE_VECTOR),
  MINUTE(0, INSTANT_VECTOR),
  MONTH(0, INSTANT_VECTOR),
  PI("pi", SCALAR),
  PREDICT_LINEAR(RANGE_VECTOR, SCALAR),
  PRESENT_OVER_TIME(RANGE_VECTOR),
  QUANTILE_OVER_TIME(SCALAR, RANGE_VECTOR),
  RAD(INSTANT_VECTOR),
  RATE(RANGE_VECTOR),
  RESETS(RANGE_VECTOR),
  ROUND(1, INSTANT_VECTOR, SCALAR),
  SCALAR_OF("scalar", SCALAR, INSTANT_VECTOR),
  SGN(INSTANT_VECTOR),
  SIN(INSTANT_VECTOR),
  SINH(INSTANT_VECTOR),
  SORT(INSTANT_VECTOR),
  SORT_BY_LABEL(2, INSTANT_VECTOR, STRING),
  SORT_BY_LABEL_DESC(2, INSTANT_VECTOR, STRING),
  SORT_DESC(INSTANT_VECTOR),
  SQRT(INSTANT_VECTOR),
  STDDEV_OVER_TIME(RANGE_VECTOR),
  STDVAR_OVER_TIME(RANGE_VECTOR),
  SUM_OVER_TIME(RANGE_VECTOR),
  TAN(INSTANT_VECTOR),
  TANH(INSTANT_VECTOR),
  TIME("time", SCALAR),
  TIMESTAMP(INSTANT_VECTOR),
  VECTOR(SCALAR),
  YEAR(0, INSTANT_VECTOR);

  private final String word;
  private final ValueType returns;
  private final List<ValueType> parameters;
  private final int required;

  Function(ValueType... parameters) {
    this(parameters.length, parameters);
  }

  Function(int required, ValueType... parameters) {
    this.word = name().toLowerCase(Locale.ROOT);
    this.returns = INSTANT_VECTOR;
    this.parameters = List.of(parameters);
    this.required = required;
  }

  Function(String word, ValueType returns, ValueType... parameters) {
    this.word = word;
    this.returns = returns;
    this.parameters = List.of(parameters);
    this.required = parameters.length;
  }

  static @Nullable Function of(String word) {
    for (Function function : values()) {
      if (function.word.equals(word)) {
        return function;
      }
    }
    return null;
  }

  /** As it is written in a query. */
  String word() {
    return word;
  }

  ValueType returns() {
    return returns;
  }

  List<ValueType> parameters() {
    return parameters;
  }

  /** How many arguments it needs at least. */
  int required() {
    return required;
  }

  /** The type of an argument; the last one of some functions may come many times. */
  @Nullable ValueType parameter(int index) {
    if (index < parameters.size()) {
      return parameters.get(index);
    }
    return switch (this) {
      case LABEL_JOIN, SORT_BY_LABEL, SORT_BY_LABEL_DESC -> STRING;
      default -> null;
    };
  }

  /** Whether its argument is a range. */
  boolean isOverRange() {
    return parameters.contains(RANGE_VECTOR);
  }
}
