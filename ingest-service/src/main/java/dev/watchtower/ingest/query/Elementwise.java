package dev.watchtower.ingest.query;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The functions that change each value by itself. */
final class Elementwise {
  // Years far beyond any telemetry; java.time ends not much later.
  private static final double MAX_SECONDS = 1e13;

  private Elementwise() {}

  /** What the function does with a value; null if it is no such function. */
  static @Nullable DoubleUnaryOperator of(Function function) {
    return switch (function) {
      case ABS -> Math::abs;
      case CEIL -> Math::ceil;
      case EXP -> Math::exp;
      case FLOOR -> Math::floor;
      case LN -> Math::log;
      case LOG10 -> Math::log10;
      case LOG2 -> Elementwise::log2;
      case SGN -> Math::signum;
      case SQRT -> Math::sqrt;
      case ACOS -> Math::acos;
      case ACOSH -> v -> Math.log(v + Math.sqrt(v * v - 1));
      case ASIN -> Math::asin;
      case ASINH -> v -> Math.copySign(Math.log(Math.abs(v) + Math.sqrt(v * v + 1)), v);
      case ATAN -> Math::atan;
      case ATANH -> v -> 0.5 * Math.log1p(2 * v / (1 - v));
      case COS -> Math::cos;
      case COSH -> Math::cosh;
      case SIN -> Math::sin;
      case SINH -> Math::sinh;
      case TAN -> Math::tan;
      case TANH -> Math::tanh;
      case DEG -> v -> v * 180 / Math.PI;
      case RAD -> v -> v * Math.PI / 180;
      case MINUTE -> date(LocalDateTime::getMinute);
      case HOUR -> date(LocalDateTime::getHour);
      case DAY_OF_WEEK -> date(t -> t.getDayOfWeek().getValue() % 7);
      case DAY_OF_MONTH -> date(LocalDateTime::getDayOfMonth);
      case DAY_OF_YEAR -> date(LocalDateTime::getDayOfYear);
      case DAYS_IN_MONTH -> date(t -> t.toLocalDate().lengthOfMonth());
      case MONTH -> date(LocalDateTime::getMonthValue);
      case YEAR -> date(LocalDateTime::getYear);
      default -> null;
    };
  }

  /** Exact for powers of two: the exponent is taken apart from the rest. */
  private static double log2(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return Math.log(value);
    }
    double normal = value < Double.MIN_NORMAL ? value * 0x1p54 : value;
    int exponent = Math.getExponent(normal);
    double rest = Math.log(Math.scalb(normal, -exponent)) / Math.log(2);
    return exponent - (value < Double.MIN_NORMAL ? 54 : 0) + rest;
  }

  /** A part of the date in UTC that the value, seconds since 1970, is. */
  private static DoubleUnaryOperator date(ToIntFunction<LocalDateTime> part) {
    return seconds ->
        Double.isNaN(seconds) || Math.abs(seconds) > MAX_SECONDS
            ? Double.NaN
            : part.applyAsInt(
                LocalDateTime.ofInstant(
                    Instant.EPOCH.plus((long) seconds, ChronoUnit.SECONDS), ZoneOffset.UTC));
  }
}
