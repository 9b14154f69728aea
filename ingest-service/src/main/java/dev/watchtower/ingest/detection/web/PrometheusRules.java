package dev.watchtower.ingest.detection.web;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.AlertBoard;
import dev.watchtower.ingest.detection.OpenBreach;
import dev.watchtower.ingest.query.Numbers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rules and their alerts in the form of the Prometheus HTTP API. */
final class PrometheusRules {
  private static final String SEVERITY = "severity";

  private final AlertBoard.Standing standing;
  private final List<String> faults;
  private final Map<String, Catalog.Rule> rules = new HashMap<>();
  private final Map<String, List<OpenBreach>> open = new HashMap<>();

  /**
   * @param faults those of a rule begin with {@code rules.NAME: }
   */
  PrometheusRules(AlertBoard.Standing standing, List<String> faults) {
    this.standing = standing;
    this.faults = faults;
    standing.rules().forEach(rule -> rules.put(rule.name(), rule));
    for (OpenBreach breach : standing.open()) {
      open.computeIfAbsent(breach.rule(), _ -> new ArrayList<>()).add(breach);
    }
  }

  /** All alerts, pending or firing. */
  List<Map<String, Object>> alerts() {
    return standing.open().stream().map(this::alert).toList();
  }

  /**
   * A rule as it stands.
   *
   * @param withAlerts whether its alerts are wanted
   */
  Map<String, Object> rule(Catalog.Rule rule, boolean withAlerts) {
    List<OpenBreach> breaches = open.getOrDefault(rule.name(), List.of());
    String lead = "rules." + rule.name() + ": ";
    String fault =
        faults.stream()
            .filter(f -> f.startsWith(lead))
            .findFirst()
            .map(f -> f.substring(lead.length()))
            .orElse("");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(
        "state",
        breaches.isEmpty()
            ? "inactive"
            : breaches.stream().anyMatch(OpenBreach::firing) ? "firing" : "pending");
    fields.put("name", rule.name());
    fields.put("query", query(rule));
    fields.put("duration", rule.holdFor().toMillis() / 1000.0);
    fields.put("keepFiringFor", rule.keepFiringFor().toMillis() / 1000.0);
    fields.put("labels", Map.of(SEVERITY, rule.severity().name()));
    fields.put("annotations", annotations(rule));
    if (withAlerts) {
      fields.put("alerts", breaches.stream().map(this::alert).toList());
    }
    fields.put("health", fault.isEmpty() ? "ok" : "err");
    if (!fault.isEmpty()) {
      fields.put("lastError", fault);
    }
    fields.put("evaluationTime", 0);
    fields.put("lastEvaluation", at());
    fields.put("type", "alerting");
    return fields;
  }

  /** When this was so. */
  String at() {
    return Instant.ofEpochMilli(standing.at()).toString();
  }

  private Map<String, Object> alert(OpenBreach breach) {
    Map<String, String> labels = new TreeMap<>(breach.labels().toMap());
    labels.put("service", breach.key().service());
    labels.put("env", breach.key().env());
    labels.put(SEVERITY, breach.severity().name());
    labels.put("alertname", breach.rule());
    Catalog.Rule rule = rules.get(breach.rule());
    Double value = breach.value();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("labels", labels);
    fields.put("annotations", rule == null ? Map.of() : annotations(rule));
    fields.put("state", breach.firing() ? "firing" : "pending");
    fields.put("activeAt", Instant.ofEpochMilli(breach.since()).toString());
    fields.put("value", Numbers.format(value == null ? Double.NaN : value));
    return fields;
  }

  private static Map<String, String> annotations(Catalog.Rule rule) {
    Map<String, String> annotations = new TreeMap<>();
    if (rule.summary() != null) {
      annotations.put("summary", rule.summary());
    }
    if (rule.runbook() != null) {
      annotations.put("runbook_url", rule.runbook());
    }
    return annotations;
  }

  /** Its query, or in words what it looks at. */
  private static String query(Catalog.Rule rule) {
    if (rule.expression() != null) {
      return rule.expression();
    }
    return switch (rule.kind()) {
      case NO_DATA -> "no sample for " + rule.after().toSeconds() + "s";
      case BURN_RATE ->
          "burn rate of "
              + (rule.burnRate() == null || rule.burnRate().slos().contains("*")
                  ? "all SLOs"
                  : String.join(", ", rule.burnRate().slos()));
      case CHANGE -> "worse since a deployment";
      case ANOMALY ->
          "anomaly of " + (rule.signal() == null ? "two golden signals" : rule.signal());
      default ->
          rule.signal()
              + " "
              + rule.comparison()
              + " "
              + Numbers.format(rule.threshold() == null ? Double.NaN : rule.threshold());
    };
  }
}
