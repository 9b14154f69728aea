package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Section.NameSpace;
import dev.watchtower.common.wire.Severity;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The readers of the catalog's sections: every key, its kind, its default, and the rules between
 * keys.
 */
final class CatalogSections {
  /** The golden signals that exist, with the quantile that {@code $quantile} stands for. */
  private static final Map<String, String> GOLDEN_SIGNALS = goldenSignals();

  /** What monitor-service probes by itself, under these names. */
  private static final Set<String> OWN_PARTS =
      Set.of(
          "ingest-service",
          "incident-service",
          "analysis-service",
          "chaos-service",
          "monitor-service",
          "postgresql");

  static final List<String> ALL = List.of("*");
  static final Kind<Severity> SEVERITY = words(Severity.values(), Enum::name);
  static final Kind<Duration> HOLD = Kind.duration(Duration.ZERO, Duration.ofDays(1));

  /** Attacks that chaos-service can do, and three that it is to learn. */
  private static final Kind<String> ATTACK =
      Kind.word(
          Stream.concat(
                  Attack.kinds().stream(),
                  Stream.of("traffic-spike", "bad-deploy", "dependency-cascade"))
              .collect(Collectors.toMap(a -> a, a -> a)));

  private CatalogSections() {}

  static Catalog catalog(Section s) {
    s.required("version", Kind.whole(1, 1));
    return s.section(
        "watchtower",
        own -> {
          var ingest = own.section("ingest", CatalogSections::ingest);
          var incidents = own.section("incidents", IncidentRulesSection::incidents);
          var analysis = own.section("analysis", CatalogSections::analysis);
          return rest(s, ingest, incidents, analysis);
        });
  }

  private static Catalog rest(
      Section s, Catalog.Ingest ingest, IncidentRules incidents, Catalog.Analysis analysis) {
    var services = s.sections("services", CatalogSections::service);
    List<Catalog.GoldenSignal> signals =
        s.named(
            "golden-signals",
            NameSpace.SIGNAL,
            List.copyOf(GOLDEN_SIGNALS.keySet()),
            CatalogSections::source,
            Catalog.GoldenSignal::new);
    return new Catalog(
        ingest,
        incidents,
        analysis,
        services,
        signals,
        s.sections("rules", RuleSection::rule),
        s.sections("slos", SloSection::slo),
        s.optional("slo-files", TEXT),
        s.sections("probes", CatalogSections::probe),
        s.section("status-page", CatalogSections::statusPage),
        s.section("notifications", NotificationsSection::notifications),
        s.section("escalation", EscalationSection::escalation),
        RemediationSection.remediation(s),
        s.sections("experiments", CatalogSections::experiment));
  }

  private static Catalog.Ingest ingest(Section s) {
    var limits = s.section("limits", CatalogSections::limits);
    return new Catalog.Ingest(
        s.orElse("anonymous", Kind.FLAG, false),
        s.optional("otlp-port", Kind.whole(1, 65_535)),
        s.list("service-labels", TEXT, List.of("service", "service_name", "app", "job")),
        s.list(
            "env-labels",
            TEXT,
            List.of("env", "environment", "deployment_environment", "namespace")),
        s.list("otlp-resource-labels", TEXT, List.of()),
        limits.body(),
        limits.series(),
        limits.newSeries(),
        limits.labels(),
        limits.labelLength(),
        s.orElse(
            "out-of-order-window",
            Kind.duration(Duration.ZERO, Duration.ofDays(1)),
            Duration.ofMinutes(10)),
        kept(s, "retention", Duration.ofDays(15)),
        kept(s, "retention-minutes", Duration.ofDays(90)),
        kept(s, "retention-hours", Duration.ofDays(730)),
        s.orElse("max-disk", Kind.size(1L << 50), 0L));
  }

  private static Duration kept(Section s, String key, Duration otherwise) {
    return s.orElse(key, Kind.duration(Duration.ofHours(1), Duration.ofDays(3_650)), otherwise);
  }

  private record Limits(long body, int series, int newSeries, int labels, int labelLength) {}

  private static Limits limits(Section s) {
    return new Limits(
        s.orElse("body", Kind.size(1L << 30), 64L << 20),
        s.orElse("series", Kind.whole(1, 100_000_000), 1_000_000),
        s.orElse("new-series-per-minute", Kind.whole(1, 100_000_000), 200_000),
        s.orElse("labels", Kind.whole(1, 1_000), 64),
        s.orElse("label-length", Kind.whole(1, 65_536), 2_048));
  }

  private static Catalog.Analysis analysis(Section s) {
    return new Catalog.Analysis(
        s.orElse(
            "deadline",
            Kind.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            Duration.ofSeconds(20)),
        s.orElse(
            "baseline",
            Kind.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
            Duration.ofMinutes(15)),
        s.orElse(
            "window",
            Kind.duration(Duration.ofSeconds(10), Duration.ofHours(6)),
            Duration.ofMinutes(2)));
  }

  private static Catalog.Service service(Section s) {
    var name = s.declare("name", NameSpace.SERVICE);
    var environments = s.declareAll("environments", NameSpace.ENVIRONMENT);
    if (environments.isEmpty()) {
      s.fault("environments", "expected at least one environment, for example [prod]");
    }
    var dependencies = s.referAll("dependencies", NameSpace.SERVICE, List.of());
    if (dependencies.contains(name)) {
      s.fault("dependencies", "expected other services, found '" + name + "' itself");
    }
    return new Catalog.Service(
        name,
        s.orElse("title", TEXT, name),
        s.optional("owner", TEXT),
        s.orElse("tier", Kind.whole(1, 4), 3),
        environments,
        dependencies,
        s.optional("runbook", TEXT));
  }

  private static Catalog.GoldenSignal.Source source(String signal, Section s) {
    var expression = s.required("expression", TEXT);
    var quantile = GOLDEN_SIGNALS.get(signal);
    if (expression.contains("$quantile") && (quantile == null || quantile.isEmpty())) {
      s.fault("expression", "$quantile is known to the latency signals only");
    }
    return new Catalog.GoldenSignal.Source(
        s.required("convention", Kind.NAMED),
        quantile == null ? expression : expression.replace("$quantile", quantile));
  }

  private static Catalog.Probe probe(Section s) {
    var interval =
        s.orElse(
            "interval",
            Kind.duration(Duration.ofMillis(500), Duration.ofHours(1)),
            Duration.ofSeconds(5));
    var timeout =
        s.orElse(
            "timeout",
            Kind.duration(Duration.ofMillis(50), Duration.ofMinutes(1)),
            Duration.ofSeconds(1));
    if (timeout.compareTo(interval) > 0) {
      s.fault("timeout", "expected no more than the interval of " + Kind.plain(interval));
    }
    var name = s.declare("name", NameSpace.PROBE);
    if (OWN_PARTS.contains(name)) {
      s.fault(
          "name",
          "expected another name, '" + name + "' is a part of Watchtower, which is probed anyway");
    }
    return new Catalog.Probe(
        name,
        s.refer("service", NameSpace.SERVICE),
        s.refer("env", NameSpace.ENVIRONMENT),
        s.required("url", Kind.ADDRESS),
        interval,
        timeout,
        s.orElse("expect-status", Kind.whole(100, 599), 200),
        s.orElse("down-after", Kind.whole(1, 100), 2),
        s.orElse("up-after", Kind.whole(1, 100), 2),
        s.orElse("severity", SEVERITY, Severity.SEV2));
  }

  private static Catalog.StatusPage statusPage(Section s) {
    return new Catalog.StatusPage(
        s.orElse("title", TEXT, "Status"),
        s.orElse("description", TEXT, ""),
        s.sections(
            "components",
            c ->
                new Catalog.StatusPage.Component(
                    displayName(c),
                    c.orElse("description", TEXT, ""),
                    c.refer("env", NameSpace.ENVIRONMENT),
                    c.referAll("services", NameSpace.SERVICE, List.of()))),
        s.orElse(
            "updates",
            words(Catalog.StatusPage.Updates.values(), Kind::word),
            Catalog.StatusPage.Updates.AUTO));
  }

  private static String displayName(Section component) {
    var name = component.declare("name", NameSpace.COMPONENT, TEXT);
    if (!component.has("services")) {
      component.fault("services", "expected a list of services, found nothing");
    }
    return name;
  }

  private static Catalog.Experiment experiment(Section s) {
    var name = s.declare("name", NameSpace.EXPERIMENT);
    var kind = s.required("kind", ATTACK);
    var target = s.optional("target", Kind.ADDRESS);
    if (target == null && !kind.equals("crash")) {
      s.fault("target", "expected the address of the target's chaos agent, found nothing");
    }
    return new Catalog.Experiment(
        name,
        s.orElse("title", TEXT, name),
        s.orElse("hypothesis", TEXT, ""),
        kind,
        s.refer("service", NameSpace.SERVICE),
        s.refer("env", NameSpace.ENVIRONMENT),
        target,
        parameters(s, kind),
        s.required("duration", Kind.duration(Duration.ofSeconds(1), Duration.ofHours(1))),
        s.orElse("blind", Kind.FLAG, true));
  }

  private static Map<String, Object> parameters(Section s, String kind) {
    var attack = Attack.of(kind);
    var parameters =
        s.free("parameters", (name, value) -> attack.flatMap(a -> a.fault(name, value)));
    attack.stream()
        .flatMap(a -> a.needed().stream())
        .filter(name -> !parameters.containsKey(name))
        .forEach(name ->
            s.fault("parameters", "the attack '" + kind + "' needs '" + name + "', found nothing"));
    return parameters;
  }

  static <E> Kind<E> words(E[] values, Function<E, String> text) {
    return Kind.word(Arrays.stream(values).collect(Collectors.toMap(text, v -> v)));
  }

  private static Map<String, String> goldenSignals() {
    var signals = new LinkedHashMap<String, String>();
    signals.put("traffic", "");
    signals.put("error_rate", "");
    signals.put("latency_p50", "0.5");
    signals.put("latency_p95", "0.95");
    signals.put("latency_p99", "0.99");
    signals.put("cpu", "");
    signals.put("memory", "");
    return Collections.unmodifiableMap(signals);
  }
}
