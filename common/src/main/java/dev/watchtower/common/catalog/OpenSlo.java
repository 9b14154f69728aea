package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Section.NameSpace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reader of OpenSLO v1 documents (github.com/OpenSLO/OpenSLO): kind SLO with an indicator of
 * its own whose metrics come from Prometheus. What an SLO has or refers to and we have not is
 * refused by name, so that none means something else here than where it was written. Documents of
 * the standard's other kinds are passed over: a folder of SLOs has them beside.
 */
final class OpenSlo {
  private static final Map<String, String> OPERATORS =
      Map.of("lt", "<", "lte", "<=", "gt", ">", "gte", ">=");
  private static final Kind<Boolean> PROMETHEUS =
      Kind.word(Map.of("Prometheus", true, "prometheus", true));
  private static final Kind<String> ANY = Kind.NAMED.withSample("SLO");
  private static final Set<String> OTHERS =
      Set.of(
          "AlertCondition",
          "AlertNotificationTarget",
          "AlertPolicy",
          "DataSource",
          "SLI",
          "Service");

  private OpenSlo() {}

  /**
   * The SLO of a document; empty where it is none, or a fault was found in what it is at all.
   *
   * @param passedOver is told the kind of a document that is passed over
   */
  static Optional<Slo> document(Section s, Catalog catalog, Consumer<String> passedOver) {
    s.required("apiVersion", Kind.word(Map.of("openslo/v1", "openslo/v1")));
    var kind = s.required("kind", ANY);
    if (!kind.equals("SLO")) {
      s.skipOthers();
      if (OTHERS.contains(kind)) {
        passedOver.accept(kind);
      } else {
        s.fault("kind", "the kind " + kind + " is not supported; expected SLO");
      }
      return Optional.empty();
    }
    var head = s.section("metadata", OpenSlo::head);
    return Optional.of(s.section("spec", spec -> slo(spec, head, catalog)));
  }

  private record Head(String name, String title, @Nullable String env) {}

  private static Head head(Section s) {
    var name = s.declare("name", NameSpace.SLO);
    var env =
        s.section(
                "labels",
                l -> {
                  // Labels are free in the standard, texts and lists of them.
                  l.skipOthers();
                  return Optional.ofNullable(l.referOptional("env", NameSpace.ENVIRONMENT));
                })
            .orElse(null);
    s.skip("annotations");
    return new Head(name, s.orElse("displayName", TEXT, name), env);
  }

  private static Slo slo(Section s, Head head, Catalog catalog) {
    s.optional("description", TEXT);
    var service = s.refer("service", NameSpace.SERVICE);
    var method =
        s.required("budgetingMethod", Kind.word(Map.of("Occurrences", false, "Timeslices", true)));
    refuse(s, "indicatorRef", "put the indicator inline");
    refuse(s, "alertPolicies", "write a rule of the kind burn-rate in the catalog");
    var period = one(s, "timeWindow", s.sections("timeWindow", OpenSlo::window));
    var target = one(s, "objectives", s.sections("objectives", o -> target(o, method)));
    var metric = s.section("indicator", i -> indicator(i, target.orElse(null), method));
    return new Slo(
        head.name(),
        head.title(),
        service,
        env(s, service, head, catalog),
        target.map(Target::objective).orElse(0.5),
        period.orElse(Duration.ofDays(30)),
        metric,
        null,
        0);
  }

  private static String env(Section s, String service, Head head, Catalog catalog) {
    if (head.env() != null) {
      return head.env();
    }
    var environments =
        catalog.service(service).map(Catalog.Service::environments).orElse(List.of());
    if (environments.size() > 1) {
      s.fault("service", "it has several environments: name one in metadata.labels.env");
    }
    return environments.isEmpty() ? "default" : environments.getFirst();
  }

  private static <T> Optional<T> one(Section s, String key, List<T> found) {
    if (found.size() != 1) {
      s.fault(key, "expected a list of exactly one, found " + found.size());
    }
    return found.stream().findFirst();
  }

  private static Duration window(Section s) {
    refuse(s, "calendar", "only rolling windows are");
    if (!s.orElse("isRolling", Kind.FLAG, true)) {
      s.fault("isRolling", "a window that does not roll is not supported");
    }
    return s.required("duration", SloSection.PERIOD);
  }

  private record Target(
      double objective, @Nullable String comparison, @Nullable Double value, Duration slice) {}

  private static Target target(Section s, boolean slices) {
    s.optional("displayName", TEXT);
    var share = s.optional("target", Kind.number(0, 1));
    var percent = s.optional("targetPercent", Kind.number(0, 100));
    if ((share == null) == (percent == null)) {
      s.fault("target", "expected either target or targetPercent");
    }
    var objective = share != null ? share : percent != null ? percent / 100 : 0.5;
    if (!(objective > 0 && objective < 1)) {
      s.fault(
          share != null ? "target" : "targetPercent", "expected more than nothing, less than all");
      objective = 0.5;
    }
    if (slices) {
      // The standard wants it. A slice here is one look, which is good as a whole or not at all:
      // any share of it that must be good says the same.
      s.optional("timeSliceTarget", Kind.number(0.001, 1));
    } else {
      refuse(s, "timeSliceTarget", "it goes with the budgetingMethod Timeslices");
    }
    refuse(s, "compositeWeight", "composite SLOs are not");
    return new Target(
        objective,
        s.optional("op", Kind.word(OPERATORS)),
        s.optional("value", Kind.number(-Double.MAX_VALUE, Double.MAX_VALUE)),
        s.orElse("timeSliceWindow", SloSection.STEP, SloSection.RESOLUTION));
  }

  private static Slo.Indicator indicator(Section s, @Nullable Target target, boolean slices) {
    s.skip("metadata");
    return s.section("spec", spec -> metric(spec, target, slices));
  }

  private static Slo.Indicator metric(Section s, @Nullable Target target, boolean slices) {
    var isRatio = s.has("ratioMetric");
    if (isRatio == s.has("thresholdMetric")) {
      s.fault("ratioMetric", "expected either ratioMetric or thresholdMetric");
    }
    var ratio = s.section("ratioMetric", r -> ratio(r, isRatio));
    var threshold =
        s.section("thresholdMetric", t -> s.has("thresholdMetric") ? source(t) : "vector(0)");
    if (isRatio) {
      if (slices) {
        s.fault("ratioMetric", "with the budgetingMethod Timeslices it is not supported");
      }
      return ratio;
    }
    if (target != null && (target.comparison() == null || target.value() == null)) {
      s.fault("thresholdMetric", "expected op and value in the objective");
    }
    return new Slo.Time(
        threshold,
        target == null || target.comparison() == null ? "<" : target.comparison(),
        target == null || target.value() == null ? 0 : target.value(),
        target == null ? SloSection.RESOLUTION : target.slice());
  }

  private static Slo.Events ratio(Section s, boolean given) {
    refuse(s, "raw", "give good or bad, and total");
    if (!s.orElse("counter", Kind.FLAG, true)) {
      s.fault("counter", "metrics that are not counters are not supported");
    }
    var good = s.has("good") ? s.section("good", OpenSlo::source) : null;
    var bad = s.has("bad") ? s.section("bad", OpenSlo::source) : null;
    var total = s.has("total") ? s.section("total", OpenSlo::source) : null;
    if (given && ((good == null) == (bad == null) || total == null)) {
      s.fault("good", "expected either good or bad, and total");
    }
    return new Slo.Events(
        bad == null ? (good == null ? "vector(0)" : good) : null,
        bad,
        total == null ? "vector(0)" : total,
        SloSection.RESOLUTION);
  }

  private static String source(Section s) {
    return s.section(
        "metricSource",
        m -> {
          m.optional("metricSourceRef", TEXT);
          if (m.has("metricSourceRef")) {
            // What is referred to may be of any type, and is not read here.
            m.required("type", PROMETHEUS);
          } else {
            m.orElse("type", PROMETHEUS, true);
          }
          return m.section("spec", spec -> spec.required("query", TEXT));
        });
  }

  /** A list that is there but empty asks for nothing. */
  private static void refuse(Section s, String key, String instead) {
    if (s.has(key) && !s.isEmptyList(key)) {
      s.fault(key, key + " is not supported; " + instead);
    }
  }
}
