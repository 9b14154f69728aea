package dev.watchtower.incident.escalation.web;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.escalation.EscalationState;
import dev.watchtower.incident.escalation.Escalations;
import dev.watchtower.incident.escalation.OnCall;
import dev.watchtower.incident.lifecycle.web.Input;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who is on call now and next, and where the escalation of an incident stands. */
@RestController
class OnCallController {
  /**
   * A rotation.
   *
   * @param now from {@code asOf}; its person is null when nobody is on call
   * @param next null if no change is in sight
   */
  record RotationView(
      String rotation, String timeZone, OnCall.Shift now, OnCall.@Nullable Shift next) {}

  /** All rotations of the catalog. */
  record OnCallView(Instant asOf, List<RotationView> items) {}

  private final CatalogSource catalog;
  private final Escalations escalations;
  private final Clock clock;

  OnCallController(CatalogSource catalog, Escalations escalations, Clock clock) {
    this.catalog = catalog;
    this.escalations = escalations;
    this.clock = clock;
  }

  /** On call at {@code at}, absent for now. */
  @GetMapping("/api/v1/on-call")
  OnCallView onCall(@RequestParam(required = false) @Nullable Instant at) {
    var asked = Input.time("at", at);
    var when = asked == null ? clock.instant() : asked;
    return new OnCallView(
        when,
        catalog.current().escalation().rotations().stream()
            .map(rotation -> {
              var shifts = OnCall.nowAndNext(rotation, when);
              return new RotationView(
                  rotation.name(),
                  rotation.zone().getId(),
                  shifts.getFirst(),
                  shifts.size() > 1 ? shifts.get(1) : null);
            })
            .toList());
  }

  @GetMapping("/api/v1/incidents/{id}/escalation")
  EscalationState escalation(@PathVariable UUID id) {
    return escalations
        .find(id)
        .orElseThrow(() ->
            Problem.notFound("No escalation policy covers incident " + id + ", or there is none."));
  }
}
