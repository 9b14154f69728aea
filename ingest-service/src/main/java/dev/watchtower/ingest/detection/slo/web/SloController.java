package dev.watchtower.ingest.detection.slo.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloStatus;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How it stands with the SLOs. */
@RestController
@RequestMapping("/api/v1/slo")
class SloController {
  private final SloBoard board;
  private final Clock clock;

  SloController(SloBoard board, Clock clock) {
    this.board = board;
    this.clock = clock;
  }

  /** All, by service and name. */
  @GetMapping
  PageOf<SloStatus> all() {
    long now = clock.millis();
    List<SloStatus> all =
        board.all().stream()
            .map(tracker -> board.status(tracker, now))
            .sorted(Comparator.comparing(SloStatus::service).thenComparing(SloStatus::name))
            .toList();
    return new PageOf<>(all, null);
  }

  /** One of them. */
  @GetMapping("/{name}")
  SloStatus one(@PathVariable String name) {
    return board
        .find(name)
        .map(tracker -> board.status(tracker, clock.millis()))
        .orElseThrow(() ->
            Problem.notFound("There is no SLO '" + name + "'. Those there are: /api/v1/slo."));
  }
}
