package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.slo.BurnTier;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a catalog, checked and indexed by what they look at. A rule whose expression cannot
 * be read is told in {@link #faults}; the others work on. In its place the rule of that name that
 * was in force before goes on; where there is none, it is left out, and what fires by it stays.
 */
public final class RuleBook {
  /** The label of a burn-rate signal that names the SLO. */
  public static final String SLO = "slo";

  /** The label of a burn-rate signal that names the pair of windows. */
  public static final String TIER = "tier";

  // Half of all time, so that a time can be added to it.
  private static final long FOR_GOOD = Long.MAX_VALUE / 2;

  /**
   * A rule with a query of its own.
   *
   * @param hold what keeps a series firing once it does; null: the query itself
   */
  public record ExpressionRule(
      Catalog.Rule rule, Expr expr, @Nullable Expr hold, Set<String> metrics) {
    public ExpressionRule {
      metrics = Set.copyOf(metrics);
    }

    /** What the query compares with its limit; null if it is no such comparison. */
    @Nullable Expr compared() {
      return Expressions.compared(expr);
    }

    /** What it was decided on, for people. */
    SignalEvidence evidence(long at, @Nullable Double value, Labels labels) {
      return new SignalEvidence(
          String.valueOf(rule.expression()),
          value,
          Expressions.limit(expr),
          Instant.ofEpochMilli(at - Expressions.longestRange(expr)),
          Instant.ofEpochMilli(at),
          labels.toMap());
    }
  }

  private final Map<String, Catalog.Rule> byName = new LinkedHashMap<>();
  private final List<Catalog.Rule> onSignals = new ArrayList<>();
  private final List<Catalog.Rule> noData = new ArrayList<>();
  private final Map<String, ExpressionRule> onExpressions = new HashMap<>();
  private final Map<String, Set<String>> rulesByMetric = new HashMap<>();
  private final Set<String> rulesOfAnyMetric = new HashSet<>();
  private final List<Catalog.Rule> onSlos = new ArrayList<>();
  private final List<Catalog.Rule> onDeployments = new ArrayList<>();
  private final List<Catalog.Rule> onAnomalies = new ArrayList<>();
  private final Map<String, Slo> slos = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Set<String> unreadable = new HashSet<>();

  /** Rules that need no SLO. */
  public RuleBook(List<Catalog.Rule> rules) {
    this(rules, List.of());
  }

  /** The rules of a catalog, with its SLOs. */
  public RuleBook(List<Catalog.Rule> rules, List<Slo> slos) {
    this(rules, slos, null);
  }

  /**
   * The rules of a catalog, with its SLOs.
   *
   * @param before the rules in force until now
   */
  public RuleBook(List<Catalog.Rule> rules, List<Slo> slos, @Nullable RuleBook before) {
    slos.forEach(slo -> this.slos.put(slo.name(), slo));
    for (Catalog.Rule rule : rules) {
      try {
        take(rule);
      } catch (QueryException e) {
        boolean goesOn = before != null && takeOld(before.byName.get(rule.name()));
        faults.add(
            "rules."
                + rule.name()
                + ": "
                + e.getMessage()
                + (goesOn ? "; until it can be read it goes on as it was" : ""));
        if (!goesOn) {
          unreadable.add(rule.name());
        }
      }
    }
  }

  private boolean takeOld(Catalog.@Nullable Rule old) {
    try {
      if (old != null) {
        take(old);
      }
      return old != null;
    } catch (QueryException e) {
      // The SLO that it watches is gone as well.
      return false;
    }
  }

  private void take(Catalog.Rule rule) {
    switch (rule.kind()) {
      case NO_DATA -> noData.add(rule);
      case THRESHOLD -> {
        String expression = rule.expression();
        if (expression == null) {
          onSignals.add(rule);
        } else {
          index(rule, expression);
        }
      }
      case BURN_RATE -> onSlos.add(known(rule));
      case CHANGE -> onDeployments.add(rule);
      case ANOMALY -> onAnomalies.add(rule);
      case SERVICE_DOWN, EXTERNAL ->
          throw QueryException.badData("rules of kind " + rule.kind() + " are not supported here");
    }
    byName.put(rule.name(), rule);
  }

  private Catalog.Rule known(Catalog.Rule rule) {
    Catalog.Rule.BurnRate burnRate = rule.burnRate();
    if (burnRate == null) {
      throw QueryException.badData("a burn-rate rule says which SLOs it watches");
    }
    for (String slo : burnRate.slos()) {
      if (!slo.equals("*") && !slos.containsKey(slo)) {
        throw QueryException.badData("there is no SLO '" + slo + "'");
      }
    }
    return rule;
  }

  private void index(Catalog.Rule rule, String expression) {
    Expr expr = Parser.parse(expression);
    if (expr.type() != Expr.ValueType.INSTANT_VECTOR) {
      throw QueryException.badData("the expression of a rule must give an instant vector");
    }
    Set<String> metrics = Expressions.metrics(expr);
    Expr hold = rule.clearAt() == null ? null : Expressions.withLimit(expr, rule.clearAt());
    if (rule.clearAt() != null && hold == null) {
      throw QueryException.badData(
          "clear-below and clear-above need an expression that ends with a limit, as in x > 100");
    }
    onExpressions.put(rule.name(), new ExpressionRule(rule, expr, hold, metrics));
    metrics.forEach(m -> rulesByMetric.computeIfAbsent(m, _ -> new HashSet<>()).add(rule.name()));
    if (metrics.isEmpty()) {
      rulesOfAnyMetric.add(rule.name());
    }
  }

  /** Whether a rule of that name looks at the service. */
  public boolean covers(String name, String service, String env) {
    Catalog.Rule rule = byName.get(name);
    return rule != null && rule.covers(service, env);
  }

  /** Whether a rule of that name looks at the service, and at what the labels name. */
  public boolean covers(String name, ServiceKey key, Labels labels) {
    Catalog.Rule rule = byName.get(name);
    return rule != null
        && (rule.expression() == null
            ? rule.covers(key.service(), key.env())
            : covers(rule, labels))
        && (rule.kind() != SignalKind.BURN_RATE || watches(rule, labels.getOrEmpty(SLO)));
  }

  /**
   * Whether a rule with a query of its own looks at a series. A query that sums a label away tells
   * of all its values: what is not there leaves no series out.
   */
  static boolean covers(Catalog.Rule rule, Labels labels) {
    return looksAt(rule.services(), labels.service()) && looksAt(rule.environments(), labels.env());
  }

  private static boolean looksAt(List<String> names, String label) {
    return label.isEmpty() || names.contains("*") || names.contains(label);
  }

  /**
   * The same after other rules: one that had a query of its own and has none now, or the other way
   * round, is another rule, though it has the name.
   */
  boolean keeps(RuleBook before, SignalKind kind, Subject subject) {
    Catalog.Rule old = before.byName.get(subject.rule());
    Catalog.Rule rule = byName.get(subject.rule());
    boolean asksOtherwise =
        old != null && rule != null && (old.expression() == null) != (rule.expression() == null);
    return !asksOtherwise && keeps(kind, subject.rule(), subject.key(), subject.labels());
  }

  /**
   * Whether a rule of that name still is of the kind, and looks at what the labels name; yes while
   * that cannot be read.
   *
   * @param kind of what fires by it
   */
  boolean keeps(SignalKind kind, String name, ServiceKey key, Labels labels) {
    Catalog.Rule rule = byName.get(name);
    if (unreadable.contains(name)) {
      return true;
    }
    if (rule == null || rule.kind() != kind || !covers(name, key, labels)) {
      return false;
    }
    return switch (kind) {
      case NO_DATA -> labels.size() == 0;
      case THRESHOLD -> labels.size() == 0 || rule.expression() != null;
      case BURN_RATE -> {
        Slo slo = slos.get(labels.getOrEmpty(SLO));
        yield slo != null
            && key.equals(new ServiceKey(slo.service(), slo.env()))
            && BurnTier.of(slo.period(), slo.objective()).stream()
                .anyMatch(tier -> tier.name().equals(labels.getOrEmpty(TIER)));
      }
      case CHANGE, ANOMALY, SERVICE_DOWN, EXTERNAL -> true;
    };
  }

  /** The service that a series of a rule with a query of its own is of. */
  static ServiceKey keyOf(Catalog.Rule rule, Labels labels) {
    return new ServiceKey(
        named(labels.service(), rule.services()), named(labels.env(), rule.environments()));
  }

  private static String named(String label, List<String> configured) {
    if (!label.isEmpty()) {
      return label;
    }
    return configured.size() == 1 && !configured.getFirst().equals("*")
        ? configured.getFirst()
        : "default";
  }

  /** Whether a burn-rate rule watches the SLO. */
  public boolean watches(Catalog.Rule rule, String slo) {
    Catalog.Rule.BurnRate burnRate = rule.burnRate();
    return burnRate != null
        && slos.containsKey(slo)
        && (burnRate.slos().contains("*") || burnRate.slos().contains(slo));
  }

  /** Rules that watch SLOs. */
  public List<Catalog.Rule> onSlos() {
    return onSlos;
  }

  /** All rules that can be used, in the order of the catalog. */
  List<Catalog.Rule> all() {
    return List.copyOf(byName.values());
  }

  /** Rules that tell of anomalies. */
  public List<Catalog.Rule> onAnomalies() {
    return onAnomalies;
  }

  /** Rules that judge deployments. */
  public List<Catalog.Rule> onDeployments() {
    return onDeployments;
  }

  /**
   * How long what fires by a rule of that name on a deployment may go on: while it is watched, and
   * then as long as the rule keeps firing; for good where it cannot be known.
   */
  long watchMillis(String name) {
    Catalog.Rule rule = byName.get(name);
    Catalog.Rule.Deployment options = rule == null ? null : rule.deployment();
    return rule == null || options == null
        ? FOR_GOOD
        : options.watch().plus(rule.keepFiringFor()).toMillis();
  }

  /** Rules on golden signals. */
  public List<Catalog.Rule> onSignals() {
    return onSignals;
  }

  /** Rules that miss a service. */
  public List<Catalog.Rule> noData() {
    return noData;
  }

  /** Rules with a query of their own, by name. */
  public Map<String, ExpressionRule> onExpressions() {
    return onExpressions;
  }

  /** Whether a rule's own query reads the metric. */
  public boolean reads(String metric) {
    return !rulesOfAnyMetric.isEmpty() || rulesByMetric.containsKey(metric);
  }

  /** The rules with a query of their own that new samples of these metrics may concern. */
  public Set<String> concernedBy(Set<String> metrics) {
    Set<String> rules = new HashSet<>();
    if (!metrics.isEmpty()) {
      rules.addAll(rulesOfAnyMetric);
      metrics.forEach(metric -> rules.addAll(rulesByMetric.getOrDefault(metric, Set.of())));
    }
    return rules;
  }

  /** Which rules cannot be used, and why. */
  public List<String> faults() {
    return List.copyOf(faults);
  }
}
