package dev.watchtower.analysis.run.web;

import dev.watchtower.analysis.run.Analyses;
import dev.watchtower.analysis.run.Desk;
import dev.watchtower.analysis.run.Feedback;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.PageOf;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Analyses over HTTP. */
@RestController
@RequestMapping("/api/v1/analyses")
class AnalysisController {
  private static final int MOST_LISTED = 50;
  private static final int MOST_COMMENT = 2_000;

  private final Desk desk;
  private final Analyses analyses;
  private final LazyMigration database;
  private final Clock clock;

  AnalysisController(Desk desk, Analyses analyses, LazyMigration database, Clock clock) {
    this.desk = desk;
    this.analyses = analyses;
    this.database = database;
    this.clock = clock;
  }

  /** What a request becomes. */
  record Accepted(UUID id) {}

  /** What a person says of an analysis; checked by hand, so that the fault's path is told. */
  record FeedbackRequest(
      @Nullable String verdict, @Nullable Integer rank, @Nullable String comment) {}

  /**
   * Asks for an analysis; while one of the incident runs, gives that one.
   *
   * @param key the same each time the request is delivered
   */
  @PostMapping
  @ApiResponse(responseCode = "202", useReturnTypeSchema = true)
  ResponseEntity<Accepted> request(
      @RequestBody Asked asked,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable UUID key) {
    var incidentId = asked.incidentId();
    if (incidentId == null) {
      throw Problem.badField("incidentId", "the incident's id is missing");
    }
    var incident = asked.incident();
    if (incident != null && !incidentId.equals(incident.id())) {
      throw Problem.badField("incident.id", "it is not the incident of incidentId");
    }
    if (incident != null) {
      Completeness.check(incident);
    }
    database.require();
    try {
      var id =
          desk.request(
              new AnalysisRequest(incidentId, incident, asked.changedBy(clock.instant())), key);
      return ResponseEntity.accepted()
          .location(URI.create("/api/v1/analyses/" + id))
          .body(new Accepted(id));
    } catch (RejectedExecutionException e) {
      throw Problem.unavailable("Too many analyses wait; try again.", Duration.ofSeconds(5));
    }
  }

  /** The analyses of an incident, the newest first. */
  @GetMapping
  PageOf<AnalysisView> list(@RequestParam UUID incident) {
    database.require();
    return new PageOf<>(analyses.ofIncident(incident, MOST_LISTED), null);
  }

  /** One analysis; while it runs, its status alone tells something. */
  @GetMapping("/{id}")
  AnalysisView get(@PathVariable UUID id) {
    database.require();
    return analyses
        .find(id)
        .orElseThrow(() -> Problem.notFound("There is no analysis " + id + "."));
  }

  /** Keeps what a person says of an analysis. */
  @PostMapping("/{id}/feedback")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void feedback(@PathVariable UUID id, @RequestBody FeedbackRequest request) {
    database.require();
    var rank = rank(request.rank);
    if (rank != null && get(id).hypotheses().stream().noneMatch(h -> h.rank() == rank)) {
      throw Problem.badField("rank", "there is no hypothesis of this rank");
    }
    var feedback =
        new Feedback(
            UUID.randomUUID(),
            id,
            verdict(request.verdict),
            rank,
            comment(request.comment),
            Caller.actor(),
            clock.instant());
    if (!analyses.feedback(feedback)) {
      throw Problem.notFound("There is no analysis " + id + ".");
    }
  }

  private static Feedback.Verdict verdict(@Nullable String text) {
    for (var verdict : Feedback.Verdict.values()) {
      if (verdict.name().equals(text)) {
        return verdict;
      }
    }
    throw Problem.badField("verdict", "expected CONFIRMED or WRONG");
  }

  private static @Nullable Integer rank(@Nullable Integer rank) {
    if (rank != null && (rank < 1 || rank > 100)) {
      throw Problem.badField("rank", "expected 1 to 100");
    }
    return rank;
  }

  private static @Nullable String comment(@Nullable String comment) {
    if (comment != null && comment.length() > MOST_COMMENT) {
      throw Problem.badField("comment", "at most " + MOST_COMMENT + " characters");
    }
    return comment == null ? null : Texts.storable("comment", comment);
  }
}
