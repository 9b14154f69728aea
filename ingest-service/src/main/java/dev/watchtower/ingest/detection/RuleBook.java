package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of a catalog, checked and indexed by what they look at. A rule whose expression cannot
 * be read is left out and told in {@link #faults}; the others work on.
 */
public final class RuleBook {
  /** A rule with a query of its own. */
  public record ExpressionRule(Catalog.Rule rule, Expr expr, Set<String> metrics) {
    public ExpressionRule {
      metrics = Set.copyOf(metrics);
    }
  }

  private final Map<String, Catalog.Rule> byName = new HashMap<>();
  private final List<Catalog.Rule> onSignals = new ArrayList<>();
  private final List<Catalog.Rule> noData = new ArrayList<>();
  private final Map<String, ExpressionRule> onExpressions = new HashMap<>();
  private final Map<String, Set<String>> rulesByMetric = new HashMap<>();
  private final Set<String> rulesOfAnyMetric = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  /** The rules of a catalog. */
  public RuleBook(List<Catalog.Rule> rules) {
    for (Catalog.Rule rule : rules) {
      try {
        take(rule);
      } catch (QueryException e) {
        faults.add("rules." + rule.name() + ": " + e.getMessage());
      }
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
      case ANOMALY, BURN_RATE, CHANGE, SERVICE_DOWN, EXTERNAL ->
          throw QueryException.badData("rules of kind " + rule.kind() + " are not supported here");
    }
    byName.put(rule.name(), rule);
  }

  private void index(Catalog.Rule rule, String expression) {
    Expr expr = Parser.parse(expression);
    if (expr.type() != Expr.ValueType.INSTANT_VECTOR) {
      throw QueryException.badData("the expression of a rule must give an instant vector");
    }
    Set<String> metrics = Expressions.metrics(expr);
    onExpressions.put(rule.name(), new ExpressionRule(rule, expr, metrics));
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
