package dev.watchtower.ingest.query.web;

import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * What tools ask a Prometheus for besides queries, Grafana's data source above all. There is no
 * metadata and there are no exemplars here; said as Prometheus says it when it has none, they are
 * no faults to a tool.
 */
@RestController
@RequestMapping("/api/v1")
class CompatibilityController {
  /** Whose query language this is, as far as docs/promql.md says. */
  private static final String VERSION = "3.0.0";

  @GetMapping("/metadata")
  Map<String, Object> metadata() {
    return success(Map.of());
  }

  @RequestMapping(
      path = "/query_exemplars",
      method = {RequestMethod.GET, RequestMethod.POST})
  Map<String, Object> exemplars() {
    return success(List.of());
  }

  @GetMapping("/status/buildinfo")
  Map<String, Object> build() {
    return success(Map.of("version", VERSION, "application", "Watchtower"));
  }

  private static Map<String, Object> success(Object data) {
    return Map.of("status", "success", "data", data);
  }
}
