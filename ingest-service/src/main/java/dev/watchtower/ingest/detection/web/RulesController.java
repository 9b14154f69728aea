package dev.watchtower.ingest.detection.web;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.AlertBoard;
import dev.watchtower.ingest.detection.RuleFaults;
import dev.watchtower.ingest.query.web.PrometheusAnswers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The rules of the catalog and what they tell of, as Prometheus has its alerting rules: Grafana
 * shows those of a Prometheus data source. Read-only; errors have Prometheus' form.
 */
@RestController
@RequestMapping("/api/v1")
class RulesController {
  /** All rules are in one group, as all are in one file. */
  private static final String GROUP = "watchtower";

  private static final String FILE = "watchtower.yaml";

  /** Seconds: a rule on a query is looked at so often where no samples come. */
  private static final int INTERVAL = 15;

  private final AlertBoard board;
  private final RuleFaults faults;

  RulesController(AlertBoard board, RuleFaults faults) {
    this.board = board;
    this.faults = faults;
  }

  @PrometheusAnswers
  @GetMapping("/rules")
  ResponseEntity<Map<String, Object>> rules(
      HttpServletRequest request,
      @RequestParam @Nullable String type,
      @RequestParam(name = "exclude_alerts") @Nullable String excludeAlerts) {
    String kind = type == null ? "" : type;
    if (!Set.of("", "alert", "record").contains(kind)) {
      return bad("type", "not supported value \"" + kind + '"');
    }
    String without = excludeAlerts == null ? "" : excludeAlerts;
    if (!Set.of("", "true", "false", "1", "0").contains(without)) {
      return bad("exclude_alerts", "expected true or false, found \"" + without + '"');
    }
    Optional<AlertBoard.Standing> standing = board.now();
    if (standing.isEmpty()) {
      return unknown();
    }
    boolean withAlerts = !without.equals("true") && !without.equals("1");
    PrometheusRules all = new PrometheusRules(standing.get(), faults.faults());
    List<Map<String, Object>> rules =
        standing.get().rules().stream()
            .filter(rule -> isWanted(request, kind, rule))
            .map(rule -> all.rule(rule, withAlerts))
            .toList();
    return success("groups", rules.isEmpty() ? List.of() : List.of(group(rules, all.at())));
  }

  /** There are no recording rules. */
  private static boolean isWanted(HttpServletRequest request, String kind, Catalog.Rule rule) {
    return !kind.equals("record")
        && names(request, "rule_name[]", rule.name())
        && names(request, "rule_group[]", GROUP)
        && names(request, "file[]", FILE);
  }

  private static boolean names(HttpServletRequest request, String parameter, String name) {
    String[] values = request.getParameterValues(parameter);
    return values == null || List.of(values).contains(name);
  }

  private static Map<String, Object> group(List<Map<String, Object>> rules, String at) {
    Map<String, Object> group = new LinkedHashMap<>();
    group.put("name", GROUP);
    group.put("file", FILE);
    group.put("rules", rules);
    group.put("interval", INTERVAL);
    group.put("limit", 0);
    group.put("evaluationTime", 0);
    group.put("lastEvaluation", at);
    return group;
  }

  @PrometheusAnswers
  @GetMapping("/alerts")
  ResponseEntity<Map<String, Object>> alerts() {
    return board
        .now()
        .map(standing -> success("alerts", new PrometheusRules(standing, faults.faults()).alerts()))
        .orElseGet(RulesController::unknown);
  }

  private static ResponseEntity<Map<String, Object>> success(String name, List<?> data) {
    return ResponseEntity.ok(Map.of("status", "success", "data", Map.of(name, data)));
  }

  private static ResponseEntity<Map<String, Object>> bad(String name, String message) {
    return ResponseEntity.badRequest()
        .body(error("bad_data", "invalid parameter \"" + name + "\": " + message));
  }

  private static ResponseEntity<Map<String, Object>> unknown() {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, "2")
        .body(error("unavailable", "what fires is not known yet: the database does not answer"));
  }

  private static Map<String, Object> error(String type, String message) {
    return Map.of("status", "error", "errorType", type, "error", message);
  }
}
