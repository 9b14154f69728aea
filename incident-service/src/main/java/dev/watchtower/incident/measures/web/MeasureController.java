package dev.watchtower.incident.measures.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.measures.Measures;
import dev.watchtower.incident.measures.Measures.Line;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/measures}: how fast, how many, how much of it noise. Times in seconds. */
@RestController
class MeasureController {
  private static final Duration USUAL = Duration.ofDays(30);
  private static final Duration LONGEST = Duration.ofDays(400);

  /**
   * The measures.
   *
   * @param all all incidents together
   * @param items for each service and severity
   */
  @Schema(name = "Measures")
  record Answer(Instant from, Instant to, Line all, List<Line> items) {}

  private final Measures measures;
  private final Clock clock;

  MeasureController(Measures measures, Clock clock) {
    this.measures = measures;
    this.clock = clock;
  }

  @GetMapping("/api/v1/measures")
  Answer measures(
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable String service,
      @RequestParam(required = false) @Nullable String env) {
    // What was opened at this very instant counts.
    var checkedTo = Input.time("to", to);
    var checkedFrom = Input.time("from", from);
    var until = checkedTo == null ? clock.instant().plusMillis(1) : checkedTo;
    var since = checkedFrom == null ? until.minus(USUAL) : checkedFrom;
    if (!since.isBefore(until)) {
      throw Problem.badField("from", "must be before 'to'");
    }
    if (Duration.between(since, until).compareTo(LONGEST) > 0) {
      throw Problem.badField("from", "at most %d days before 'to'".formatted(LONGEST.toDays()));
    }
    var lines = measures.over(since, until, service, env);
    return new Answer(since, until, lines.getFirst(), lines.subList(1, lines.size()));
  }
}
