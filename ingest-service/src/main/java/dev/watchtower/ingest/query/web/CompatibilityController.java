package dev.watchtower.ingest.query.web;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * What tools ask a Prometheus for besides queries, Grafana's data source above all. There is no
 * metadata and there are no exemplars here; said as Prometheus says it when it has none, they are
 * no faults to a tool. What is no business of Watchtower is 404 in Prometheus' form.
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

  @Hidden
  @RequestMapping(
      path = {
        "/targets",
        "/targets/metadata",
        "/status/runtimeinfo",
        "/status/tsdb",
        "/status/flags",
        "/status/config",
        "/format_query",
        "/read"
      },
      method = {RequestMethod.GET, RequestMethod.POST})
  ResponseEntity<Map<String, Object>> missing(HttpServletRequest request) {
    String error =
        request.getRequestURI()
            + " is not there: Watchtower answers the queries of a Prometheus, and is none"
            + (request.getRequestURI().endsWith("/read") ? "; there is no remote read" : "");
    return ResponseEntity.status(HttpStatus.NOT_FOUND)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("status", "error", "errorType", "not_found", "error", error));
  }

  private static Map<String, Object> success(Object data) {
    return Map.of("status", "success", "data", data);
  }
}
