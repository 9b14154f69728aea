package dev.watchtower.incident.remediation.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.remediation.Repairs;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The remediation log, the newest first. */
@RestController
@RequestMapping("/api/v1/remediations")
class RemediationController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;

  private final Repairs repairs;

  RemediationController(Repairs repairs) {
    this.repairs = repairs;
  }

  @GetMapping
  PageOf<Repair> list(
      @RequestParam(required = false) @Nullable UUID incident,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var found = repairs.list(incident, Cursor.position(page), size + 1);
    var items = found.stream().limit(size).toList();
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  @PostMapping({"/{id}/approve", "/{id}/reject"})
  void decide(@PathVariable UUID id) {
    var repair =
        repairs.find(id).orElseThrow(() -> Problem.notFound("There is no remediation " + id + "."));
    throw Problem.of(
            409,
            "nothing-to-approve",
            "Nothing awaits approval",
            "This remediation needed no approval: it is %s.".formatted(repair.state()))
        .with("state", repair.state());
  }
}
