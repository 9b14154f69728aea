package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.CatalogSections.ALL;
import static dev.watchtower.common.catalog.CatalogSections.HOLD;
import static dev.watchtower.common.catalog.CatalogSections.SEVERITY;
import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Section.NameSpace;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reader of a detection rule, whose keys depend on its kind. */
final class RuleSection {
  private static final Kind<Double> NUMBER = Kind.number(-Double.MAX_VALUE, Double.MAX_VALUE);
  private static final Kind<Duration> SPAN =
      Kind.duration(Duration.ofMinutes(1), Duration.ofDays(1));
  private static final Kind<SignalKind> KINDS =
      Kind.word(
              Map.of(
                  "threshold", SignalKind.THRESHOLD,
                  "no-data", SignalKind.NO_DATA,
                  "burn-rate", SignalKind.BURN_RATE,
                  "anomaly", SignalKind.ANOMALY,
                  "change", SignalKind.CHANGE))
          .withSample(SignalKind.THRESHOLD);
  private static final Map<String, String> COMPARISONS = comparisons();

  private static final Duration COOL_DOWN = Duration.ofMinutes(5);

  private RuleSection() {}

  static Catalog.Rule rule(Section s) {
    var name = s.declare("name", NameSpace.RULE);
    var kind = s.required("kind", KINDS);
    var signal = s.referOptional("signal", NameSpace.SIGNAL);
    var expression = s.optional("expression", TEXT);
    var limit = limit(s);
    var clearAt = clearAt(s, limit, expression);
    var after =
        s.orElse("after", Kind.duration(Duration.ofSeconds(5), Duration.ofDays(7)), Duration.ZERO);
    var coolDown = s.orElse("cool-down", HOLD, COOL_DOWN);
    var burnRate = burnRate(s);
    var deployment = deployment(s);
    switch (kind) {
      case THRESHOLD -> checkThreshold(s, signal, expression, limit);
      case NO_DATA -> checkNoData(s);
      case BURN_RATE -> refuse(s, kind, "signal", "expression", "after");
      case CHANGE -> checkChange(s, deployment);
      case ANOMALY -> checkAnomaly(s, limit);
      default -> {}
    }
    if (kind != SignalKind.BURN_RATE) {
      refuse(s, kind, "slos", "ticket-severity");
    }
    if (kind != SignalKind.CHANGE) {
      refuse(s, kind, "baseline", "settle", "window", "watch");
    }
    if (kind != SignalKind.ANOMALY) {
      refuse(s, kind, "cool-down");
    }
    if (kind != SignalKind.THRESHOLD) {
      refuse(s, kind, "above", "below", "at-most", "clear-above", "clear-below");
      if (kind != SignalKind.ANOMALY) {
        refuse(s, kind, "at-least");
      }
    }
    return new Catalog.Rule(
        name,
        kind,
        signal,
        expression,
        limit == null ? null : limit.comparison(),
        limit == null ? null : limit.value(),
        s.orElse("for", HOLD, Duration.ZERO),
        s.orElse("keep-firing-for", HOLD, Duration.ZERO),
        kind == SignalKind.ANOMALY ? coolDown : after,
        s.required("severity", SEVERITY),
        s.referAll("services", NameSpace.SERVICE, ALL),
        s.referAll("environments", NameSpace.ENVIRONMENT, ALL),
        s.orElse("min-traffic", Kind.number(0, 1e9), 0.0),
        s.optional("summary", TEXT),
        s.optional("runbook", TEXT),
        clearAt,
        kind == SignalKind.BURN_RATE ? burnRate : null,
        kind == SignalKind.CHANGE ? deployment : null);
  }

  /** How a value compares with a limit. */
  record Limit(String comparison, double value) {}

  /** The one limit of a section, null where it has none. */
  static @Nullable Limit limit(Section s) {
    Limit found = null;
    for (var entry : COMPARISONS.entrySet()) {
      var value = s.optional(entry.getKey(), NUMBER);
      if (value != null) {
        if (found != null) {
          s.fault(entry.getKey(), "expected only one of " + comparisonNames() + " in a rule");
        }
        found = new Limit(entry.getValue(), value);
      }
    }
    return found;
  }

  /** The names of the limits, for messages. */
  static String comparisonNames() {
    return String.join(", ", COMPARISONS.keySet());
  }

  /** Hysteresis: the value that ends a breach lies on the good side of the limit. */
  private static @Nullable Double clearAt(
      Section s, @Nullable Limit limit, @Nullable String expression) {
    var below = s.optional("clear-below", NUMBER);
    var above = s.optional("clear-above", NUMBER);
    if (below != null && above != null) {
      s.fault("clear-above", "expected only one of clear-below, clear-above in a rule");
    }
    if (limit != null) {
      var upper = limit.comparison().startsWith(">");
      if (upper ? above != null : below != null) {
        s.fault(
            upper ? "clear-above" : "clear-below",
            "expected " + (upper ? "clear-below" : "clear-above") + " beside such a limit");
      }
      if (upper && below != null && below > limit.value()) {
        s.fault("clear-below", "expected no more than the limit");
      }
      if (!upper && above != null && above < limit.value()) {
        s.fault("clear-above", "expected no less than the limit");
      }
    } else if (expression == null && (below != null || above != null)) {
      s.fault(below != null ? "clear-below" : "clear-above", "expected a limit beside it");
    }
    return below != null ? below : above;
  }

  private static Catalog.Rule.BurnRate burnRate(Section s) {
    return new Catalog.Rule.BurnRate(
        s.referAll("slos", NameSpace.SLO, ALL),
        s.orElse("ticket-severity", SEVERITY, Severity.SEV4));
  }

  private static Catalog.Rule.Deployment deployment(Section s) {
    return new Catalog.Rule.Deployment(
        s.orElse("baseline", SPAN, Duration.ofMinutes(30)),
        s.orElse(
            "settle", Kind.duration(Duration.ZERO, Duration.ofHours(1)), Duration.ofSeconds(30)),
        s.orElse("window", SPAN, Duration.ofMinutes(5)),
        s.orElse("watch", SPAN, Duration.ofMinutes(30)));
  }

  private static void refuse(Section s, SignalKind kind, String... keys) {
    for (var key : keys) {
      if (s.has(key)) {
        s.fault(key, "is not for rules of the kind " + Kind.word(kind));
      }
    }
  }

  private static void checkThreshold(
      Section s, @Nullable String signal, @Nullable String expression, @Nullable Limit limit) {
    if ((signal == null) == (expression == null)) {
      s.fault(
          signal == null ? "signal" : "expression",
          "expected either a golden signal or an expression in a threshold rule");
    }
    if (signal != null && limit == null) {
      s.fault("above", "expected a limit: one of " + comparisonNames());
    }
    if (expression != null && limit != null) {
      s.fault("expression", "expected the limit inside the expression, as in queue_depth > 100");
    }
    if (s.has("after")) {
      s.fault("after", "is for rules of the kind no-data; a threshold rule has 'for'");
    }
  }

  private static void checkAnomaly(Section s, @Nullable Limit limit) {
    refuse(s, SignalKind.ANOMALY, "expression", "after");
    if (limit != null && (limit.value() < 0.5 || limit.value() > 1)) {
      s.fault("at-least", "expected a score from 0.5, where an anomaly begins, to 1");
    }
  }

  private static void checkChange(Section s, Catalog.Rule.Deployment deployment) {
    refuse(s, SignalKind.CHANGE, "signal", "expression", "after", "for");
    if (deployment.watch().compareTo(deployment.settle().plus(deployment.window())) <= 0) {
      // Else it were no longer watched when it is first judged.
      s.fault("watch", "expected more than settle + window");
    }
  }

  private static void checkNoData(Section s) {
    if (!s.has("after")) {
      s.fault("after", "expected a duration such as 30s, 5m, 1h, found nothing");
    }
    for (var key : List.of("signal", "expression", "for", "min-traffic")) {
      if (s.has(key)) {
        s.fault(key, "is for rules of the kind threshold");
      }
    }
  }

  private static Map<String, String> comparisons() {
    var comparisons = new LinkedHashMap<String, String>();
    comparisons.put("above", ">");
    comparisons.put("at-least", ">=");
    comparisons.put("below", "<");
    comparisons.put("at-most", "<=");
    return Collections.unmodifiableMap(comparisons);
  }
}
