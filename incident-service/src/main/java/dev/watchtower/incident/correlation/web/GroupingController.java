package dev.watchtower.incident.correlation.web;

import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.correlation.GroupingDesk;
import dev.watchtower.incident.correlation.GroupingDesk.Grouped;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.lifecycle.web.Refusals;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Merging and splitting by people. The answer is the incident that has the signals now. */
@RestController
@RequestMapping("/api/v1/incidents/{id}")
class GroupingController {
  private static final int MAX_COMMENT = 2000;

  /** Into which incident. */
  record Merge(@Nullable UUID into, @Nullable String comment) {}

  /** Which signals, by their fingerprints. */
  record Split(@Nullable List<@Nullable String> fingerprints, @Nullable String comment) {}

  private final GroupingDesk desk;
  private final IncidentViews views;
  private final Clock clock;

  GroupingController(GroupingDesk desk, IncidentViews views, Clock clock) {
    this.desk = desk;
    this.views = views;
    this.clock = clock;
  }

  @PostMapping("/merge")
  IncidentView merge(@PathVariable UUID id, @RequestBody Merge merge) {
    if (merge.into() == null) {
      throw Problem.badField("into", "this field is required");
    }
    AuditNote.of("into " + merge.into());
    var comment = Input.text("comment", merge.comment(), MAX_COMMENT).strip();
    return view(desk.merge(id, merge.into(), comment, Caller.actor(), clock.instant()));
  }

  @PostMapping("/split")
  IncidentView split(@PathVariable UUID id, @RequestBody Split split) {
    var fingerprints = Fields.noNulls("fingerprints", split.fingerprints());
    if (fingerprints.isEmpty()) {
      throw Problem.badField("fingerprints", "expected at least one");
    }
    var comment = Input.text("comment", split.comment(), MAX_COMMENT).strip();
    return view(desk.split(id, Set.copyOf(fingerprints), comment, Caller.actor(), clock.instant()));
  }

  private IncidentView view(Grouped grouped) {
    return switch (grouped) {
      case Grouped.Done done -> views.of(done.incident());
      case Grouped.Unknown unknown -> throw Refusals.unknown(unknown.id());
      case Grouped.Refused refused ->
          throw Problem.of(409, "not-possible", "That is not possible", refused.why());
    };
  }
}
