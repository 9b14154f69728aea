package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.TransitionRequest;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.IncidentDesk.Declared;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.Incidents.Filter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Incidents: lists, declarations, transitions and assignees. */
@RestController
@RequestMapping("/api/v1/incidents")
class IncidentController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;

  /** An incident that a person declares; {@code comment} says why. */
  record Declaration(
      @Nullable String title,
      @Nullable String service,
      @Nullable String env,
      @Nullable Severity severity,
      @Nullable String comment) {}

  /** Who is on it; null or empty for nobody. */
  record Assignment(@Nullable String assignee) {}

  private final IncidentDesk desk;
  private final IncidentViews views;
  private final Clock clock;

  IncidentController(IncidentDesk desk, IncidentViews views, Clock clock) {
    this.desk = desk;
    this.views = views;
    this.clock = clock;
  }

  @GetMapping
  PageOf<IncidentView> list(
      @RequestParam(required = false) @Nullable Set<IncidentState> state,
      @RequestParam(required = false) @Nullable Set<Severity> severity,
      @RequestParam(required = false) @Nullable String service,
      @RequestParam(required = false) @Nullable String env,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var filter =
        new Filter(
            words("state", state),
            words("severity", severity),
            service,
            env,
            Input.time("from", from),
            Input.time("to", to),
            Cursor.position(page));
    var found = desk.list(filter, size + 1);
    var items = views.of(found.stream().limit(size).toList());
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().number()) : null);
  }

  private static <T> Set<T> words(String path, @Nullable Set<T> words) {
    if (words != null && words.stream().anyMatch(Objects::isNull)) {
      throw Problem.badField(path, "expected words with a comma between them");
    }
    return words == null ? Set.of() : words;
  }

  @PostMapping
  @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
  ResponseEntity<IncidentView> declare(@RequestBody Declaration declaration) {
    var subject =
        new Subject(
            Input.line("title", declaration.title(), 200),
            Input.name("service", declaration.service(), 200),
            Input.name("env", declaration.env(), 200),
            null,
            true);
    if (declaration.severity() == null) {
      throw Problem.badField("severity", "expected one of " + List.of(Severity.values()));
    }
    var comment = Input.text("comment", declaration.comment(), Command.MAX_COMMENT);
    return switch (desk.declare(
        subject, declaration.severity(), comment, Caller.actor(), clock.instant())) {
      case Declared.Opened opened -> {
        AuditNote.on(opened.incident().id());
        var view = views.of(opened.incident());
        yield ResponseEntity.created(URI.create("/api/v1/incidents/" + view.id())).body(view);
      }
      case Declared.AlreadyOpen open ->
          throw Problem.of(
                  409,
                  "incident-open",
                  "An incident is open already",
                  "Incident #%d of %s in %s is not resolved yet: use that one."
                      .formatted(open.incident().number(), subject.service(), subject.env()))
              .with("incident", open.incident().id())
              .with("number", open.incident().number());
    };
  }

  @GetMapping("/{id}")
  IncidentView get(@PathVariable UUID id) {
    return desk.find(id).map(views::of).orElseThrow(() -> Refusals.unknown(id));
  }

  @PostMapping("/{id}/transitions")
  IncidentView transition(@PathVariable UUID id, @RequestBody TransitionRequest request) {
    if (request.event() == null) {
      throw Problem.badField("event", "this field is required");
    }
    AuditNote.of(request.event().name());
    var command =
        new Command(
            request.event(),
            Caller.actor(),
            Input.text("comment", request.comment(), Command.MAX_COMMENT),
            request.version(),
            clock.instant());
    return switch (desk.transition(id, command).orElseThrow(() -> Refusals.unknown(id))) {
      case Decision.Moved moved -> views.of(moved.after());
      case Decision.Refused refused -> throw Refusals.of(refused);
    };
  }

  @PostMapping("/{id}/assignee")
  IncidentView assign(@PathVariable UUID id, @RequestBody Assignment assignment) {
    var name = Input.text("assignee", assignment.assignee(), 200).strip();
    AuditNote.of(name.isEmpty() ? "nobody" : name);
    var incident =
        desk.assign(id, name.isEmpty() ? null : name, Caller.actor(), clock.instant())
            .orElseThrow(() -> Refusals.unknown(id));
    if (incident.isResolved()) {
      throw Refusals.of(new Decision.Resolved(incident));
    }
    return views.of(incident);
  }
}
