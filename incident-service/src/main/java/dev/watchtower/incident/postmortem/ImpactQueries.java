package dev.watchtower.incident.postmortem;

import dev.watchtower.common.catalog.Catalog.GoldenSignal;
import dev.watchtower.common.catalog.Slo;
import java.time.Duration;
import java.util.stream.Collectors;

/** The queries, in the Prometheus query language, that an impact is measured by. Pure. */
public final class ImpactQueries {
  private static final Duration STEP = Duration.ofSeconds(15);

  private ImpactQueries() {}

  /**
   * Everything that happened in the length before the query's instant: events, or the moments that
   * were looked at.
   */
  public static String total(Slo slo, Duration length) {
    return switch (slo.indicator()) {
      case Slo.Events events -> counted(slo, events.total(), length);
      case Slo.Time time ->
          "count_over_time((%s)%s)".formatted(looked(slo, time), range(length, time.step()));
    };
  }

  /** What of that was good; empty where {@link #isBadCounted the bad is counted}. */
  public static String goodOrBad(Slo slo, Duration length) {
    return switch (slo.indicator()) {
      case Slo.Events events ->
          counted(
              slo,
              isBadCounted(slo) ? String.valueOf(events.bad()) : String.valueOf(events.good()),
              length);
      case Slo.Time time ->
          "sum_over_time(((%s) %s bool %s)%s)"
              .formatted(
                  looked(slo, time),
                  time.comparison(),
                  time.threshold(),
                  range(length, time.step()));
    };
  }

  /** Whether {@link #goodOrBad} gives what was bad. */
  public static boolean isBadCounted(Slo slo) {
    return slo.indicator() instanceof Slo.Events events && events.bad() != null;
  }

  /** The highest value of a golden signal in the length before the query's instant. */
  public static String highest(GoldenSignal signal, String service, String env, Duration length) {
    return "max_over_time(%s%s)".formatted(any(signal, service, env), range(length, STEP));
  }

  /** The mean of one. */
  public static String mean(GoldenSignal signal, String service, String env, Duration length) {
    return "avg_over_time(%s%s)"
        .formatted(any(signal, service, env), range(length, STEP.multipliedBy(4)));
  }

  // The first of its expressions that has data.
  private static String any(GoldenSignal signal, String service, String env) {
    return signal.sources().stream()
        .map(source ->
            "(%s)"
                .formatted(
                    filled(source.expression(), service, env).replace("$window", window(STEP, 4))))
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  // Without a window the expression reads counters; their sum grows by what happened.
  private static String counted(Slo slo, String expression, Duration length) {
    var text = filled(expression, slo.service(), slo.env());
    return text.contains("$window")
        ? text.replace("$window", window(length, 1))
        : "increase((%s)%s)".formatted(text, range(length, STEP));
  }

  private static String looked(Slo slo, Slo.Time time) {
    return filled(time.expression(), slo.service(), slo.env())
        .replace("$window", window(time.step(), 1));
  }

  private static String filled(String expression, String service, String env) {
    return expression.replace("$service", escaped(service)).replace("$env", escaped(env));
  }

  private static String range(Duration length, Duration step) {
    return "[%s:%s]".formatted(window(length, 1), window(step, 1));
  }

  private static String window(Duration length, int times) {
    return length.toMillis() * times + "ms";
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
