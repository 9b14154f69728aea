package dev.watchtower.incident.people.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.Role;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.IncidentView.TaskState;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.IncidentViews;
import dev.watchtower.incident.lifecycle.web.Answers;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.lifecycle.web.Refusals;
import dev.watchtower.incident.people.PeopleDesk;
import dev.watchtower.incident.people.TaskDesk;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Severity by hand, responders and their roles, tasks. */
@RestController
@RequestMapping("/api/v1/incidents/{id}")
class PeopleController {
  private static final int MAX_NAME = 200;
  private static final int MAX_TASK = 1000;

  /** How bad it is, and why. */
  record Grading(@Nullable Severity severity, @Nullable String comment) {}

  /** Who takes which role; {@code RESPONDER} where none is said. */
  record Joining(@Nullable String name, @Nullable Role role) {}

  /** A task, or what is to change about one. */
  record TaskBody(@Nullable String text, @Nullable String assignee, @Nullable TaskState state) {}

  private final PeopleDesk people;
  private final TaskDesk tasks;
  private final IncidentViews views;
  private final Clock clock;

  PeopleController(PeopleDesk people, TaskDesk tasks, IncidentViews views, Clock clock) {
    this.people = people;
    this.tasks = tasks;
    this.views = views;
    this.clock = clock;
  }

  @PostMapping("/severity")
  IncidentView grade(@PathVariable UUID id, @RequestBody Grading grading) {
    if (grading.severity() == null) {
      throw Problem.badField("severity", "expected one of " + List.of(Severity.values()));
    }
    AuditNote.of(grading.severity().name());
    var comment = Input.text("comment", grading.comment(), Command.MAX_COMMENT).strip();
    return views.of(
        Answers.of(
            id, people.grade(id, grading.severity(), comment, Caller.actor(), clock.instant())));
  }

  @PostMapping("/responders")
  IncidentView join(@PathVariable UUID id, @RequestBody Joining joining) {
    var name = Input.line("name", joining.name(), MAX_NAME);
    var role = joining.role() == null ? Role.RESPONDER : joining.role();
    AuditNote.of(name + " " + role);
    return views.of(Answers.of(id, people.join(id, name, role, Caller.actor(), clock.instant())));
  }

  // In the query, since no path can have a '/', '%' or ';' in a name.
  @DeleteMapping("/responders")
  IncidentView leave(@PathVariable UUID id, @RequestParam String name) {
    AuditNote.of(name);
    return leaveByPath(id, name);
  }

  @DeleteMapping("/responders/{name}")
  IncidentView leaveByPath(@PathVariable UUID id, @PathVariable String name) {
    return views.of(Answers.of(id, people.leave(id, name, Caller.actor(), clock.instant())));
  }

  @GetMapping("/tasks")
  PageOf<Task> tasks(@PathVariable UUID id) {
    return new PageOf<>(tasks.list(id).orElseThrow(() -> Refusals.unknown(id)), null);
  }

  @PostMapping("/tasks")
  @ResponseStatus(HttpStatus.CREATED)
  Task add(@PathVariable UUID id, @RequestBody TaskBody body) {
    var text = Input.line("text", body.text(), MAX_TASK);
    var assignee = Input.text("assignee", body.assignee(), MAX_NAME).strip();
    return Answers.of(
        id,
        tasks.add(id, text, assignee.isEmpty() ? null : assignee, Caller.actor(), clock.instant()));
  }

  @PutMapping("/tasks/{taskId}")
  Task change(@PathVariable UUID id, @PathVariable UUID taskId, @RequestBody TaskBody body) {
    var change =
        new TaskDesk.Change(
            body.state(),
            body.assignee() == null
                ? null
                : Input.text("assignee", body.assignee(), MAX_NAME).strip(),
            body.text() == null ? null : Input.line("text", body.text(), MAX_TASK));
    return Answers.of(id, tasks.change(id, taskId, change, Caller.actor(), clock.instant()));
  }
}
