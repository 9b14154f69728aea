package dev.watchtower.incident.remediation.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.remediation.Approvals;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.remediation.Repairs;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The remediation log, the newest first, and people's yes or no to what is risky. */
@RestController
@RequestMapping("/api/v1/remediations")
class RemediationController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Repairs repairs;
  private final Approvals approvals;

  RemediationController(Repairs repairs, Approvals approvals) {
    this.repairs = repairs;
    this.approvals = approvals;
  }

  @GetMapping
  PageOf<Repair> list(
      @RequestParam(required = false) @Nullable UUID incident,
      @RequestParam(required = false) Repair.@Nullable State state,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var found = repairs.list(incident, state, Cursor.position(page), size + 1);
    var items = found.stream().limit(size).toList();
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  /**
   * The body of a yes or no.
   *
   * @param comment why, if anything is to be said
   */
  record DecisionRequest(@Nullable String comment) {}

  @PostMapping("/{id}/approve")
  Repair approve(
      @PathVariable UUID id, @RequestBody(required = false) @Nullable DecisionRequest request) {
    return answer(id, approvals.approve(id, person(), comment(request)));
  }

  @PostMapping("/{id}/reject")
  Repair reject(
      @PathVariable UUID id, @RequestBody(required = false) @Nullable DecisionRequest request) {
    return answer(id, approvals.reject(id, person(), comment(request)));
  }

  // That somebody looked at it is what an approval is for.
  private static Actor person() {
    var actor = Caller.actor();
    if (!actor.byHuman()) {
      throw Problem.of(
          403,
          "forbidden",
          "Only a person decides this",
          "A risky remediation is approved or rejected by somebody who is logged in, not by %s."
              .formatted(actor.name()));
    }
    return actor;
  }

  private static String comment(@Nullable DecisionRequest request) {
    return request == null
        ? ""
        : Input.text("comment", request.comment(), Command.MAX_COMMENT).strip();
  }

  private static Repair answer(UUID id, Optional<Approvals.Decided> decided) {
    return switch (decided.orElseThrow(
        () -> Problem.notFound("There is no remediation " + id + "."))) {
      case Approvals.Decided.Taken taken -> {
        AuditNote.on(taken.repair().incident());
        yield taken.repair();
      }
      case Approvals.Decided.TooLate late ->
          throw refused(late.repair(), "Nobody approved it in time, so nothing is done.");
      case Approvals.Decided.NotAwaited other ->
          throw refused(
              other.repair(),
              (other.repair().order().risky()
                      ? "This remediation is decided: it is %s."
                      : "This remediation needed no approval: it is %s.")
                  .formatted(other.repair().state()));
    };
  }

  private static Problem refused(Repair repair, String detail) {
    return Problem.of(409, "nothing-to-approve", "Nothing awaits approval", detail)
        .with("state", repair.state());
  }
}
