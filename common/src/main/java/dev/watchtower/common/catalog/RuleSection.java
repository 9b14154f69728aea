package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.CatalogSections.ALL;
import static dev.watchtower.common.catalog.CatalogSections.HOLD;
import static dev.watchtower.common.catalog.CatalogSections.SEVERITY;
import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Section.NameSpace;
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
  private static final Map<String, String> COMPARISONS = comparisons();

  private RuleSection() {}

  static Catalog.Rule rule(Section s) {
    var name = s.declare("name", NameSpace.RULE);
    var kind =
        s.required(
            "kind",
            Kind.word(Map.of("threshold", SignalKind.THRESHOLD, "no-data", SignalKind.NO_DATA)));
    var signal = s.referOptional("signal", NameSpace.SIGNAL);
    var expression = s.optional("expression", TEXT);
    var limit = limit(s);
    var after =
        s.orElse("after", Kind.duration(Duration.ofSeconds(5), Duration.ofDays(7)), Duration.ZERO);
    if (kind == SignalKind.THRESHOLD) {
      checkThreshold(s, signal, expression, limit);
    } else {
      checkNoData(s);
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
        after,
        s.required("severity", SEVERITY),
        s.referAll("services", NameSpace.SERVICE, ALL),
        s.referAll("environments", NameSpace.ENVIRONMENT, ALL),
        s.orElse("min-traffic", Kind.number(0, 1e9), 0.0),
        s.optional("summary", TEXT),
        s.optional("runbook", TEXT));
  }

  private record Limit(String comparison, double value) {}

  private static @Nullable Limit limit(Section s) {
    Limit found = null;
    for (var entry : COMPARISONS.entrySet()) {
      var value = s.optional(entry.getKey(), NUMBER);
      if (value != null) {
        if (found != null) {
          s.fault(
              entry.getKey(),
              "expected only one of " + String.join(", ", COMPARISONS.keySet()) + " in a rule");
        }
        found = new Limit(entry.getValue(), value);
      }
    }
    return found;
  }

  private static void checkThreshold(
      Section s, @Nullable String signal, @Nullable String expression, @Nullable Limit limit) {
    if ((signal == null) == (expression == null)) {
      s.fault(
          signal == null ? "signal" : "expression",
          "expected either a golden signal or an expression in a threshold rule");
    }
    if (signal != null && limit == null) {
      s.fault("above", "expected a limit: one of " + String.join(", ", COMPARISONS.keySet()));
    }
    if (expression != null && limit != null) {
      s.fault("expression", "expected the limit inside the expression, as in queue_depth > 100");
    }
    if (s.has("after")) {
      s.fault("after", "is for rules of the kind no-data; a threshold rule has 'for'");
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
