package dev.watchtower.incident.analysis.web;

import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.incident.analysis.AnalysisDesk;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Where analysis-service delivers its answers: 202 when stored, 200 when known. */
@RestController
class AnalysisController {
  private final AnalysisDesk desk;
  private final Clock clock;

  AnalysisController(AnalysisDesk desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  @PostMapping("/api/v1/incidents/{id}/analysis")
  @ApiResponse(responseCode = "202", description = "Stored", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "200", description = "Known already", useReturnTypeSchema = true)
  ResponseEntity<Map<String, Object>> take(
      @PathVariable UUID id, @RequestBody AnalysisView analysis) {
    check(id, analysis);
    Map<String, Object> answer = Map.of("id", analysis.id());
    return switch (desk.take(analysis, Caller.actor(), clock.instant())) {
      case STORED -> ResponseEntity.accepted().body(answer);
      case REPEATED -> ResponseEntity.ok(answer);
      case UNKNOWN_INCIDENT -> throw Problem.notFound("There is no incident " + id + ".");
    };
  }

  private static void check(UUID incident, AnalysisView analysis) {
    require("id", analysis.id());
    require("incidentId", analysis.incidentId());
    require("status", analysis.status());
    require("source", analysis.source());
    whole("candidates", analysis.candidates());
    whole("hypotheses", analysis.hypotheses());
    whole("suggestions", analysis.suggestions());
    whole("evidence", analysis.evidence());
    require("createdAt", analysis.createdAt());
    if (!analysis.incidentId().equals(incident)) {
      throw Problem.badField("incidentId", "must be the incident of the path");
    }
    if (analysis.status() == AnalysisView.Status.RUNNING) {
      throw Problem.badField("status", "only finished analyses are taken");
    }
  }

  private static void whole(String path, @Nullable List<? extends @Nullable Object> values) {
    require(path, values);
    var unused = Fields.noNulls(path, values);
  }

  private static void require(String path, @Nullable Object value) {
    if (value == null) {
      throw Problem.badField(path, "this field is required");
    }
  }
}
