package dev.watchtower.incident.people;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.IncidentView.TaskState;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Outcome;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is to be done in an incident. Each change is one transaction. Thread-safe. */
public final class TaskDesk {
  /** Most tasks in one incident. */
  public static final int MAX_TASKS = 200;

  /**
   * How a task is to be; nulls leave it as it is.
   *
   * @param assignee empty for nobody
   */
  public record Change(
      @Nullable TaskState state, @Nullable String assignee, @Nullable String text) {}

  private final IncidentBook book;
  private final People people;
  private final Transactions transactions;

  /** A desk. */
  public TaskDesk(IncidentBook book, People people, Transactions transactions) {
    this.book = book;
    this.people = people;
    this.transactions = transactions;
  }

  /** The tasks, in the order of making; empty if there is no such incident. */
  public Optional<List<Task>> list(UUID id) {
    return transactions.once(() -> book.incidents().find(id).map(i -> people.tasks(id)));
  }

  /** Adds a task. */
  public Outcome<Task> add(
      UUID id, String text, @Nullable String assignee, Actor actor, Instant now) {
    return on(
        id,
        incident -> {
          if (people.tasks(id).size() >= MAX_TASKS) {
            return new Outcome.Refused<>("An incident has at most %d tasks.".formatted(MAX_TASKS));
          }
          var task =
              new Task(UUID.randomUUID(), text, assignee, TaskState.OPEN, actor.name(), now, null);
          return store(incident, task, "added", actor, now);
        });
  }

  /** Changes a task. */
  public Outcome<Task> change(UUID id, UUID taskId, Change change, Actor actor, Instant now) {
    return on(
        id,
        incident -> {
          var known = people.task(id, taskId);
          if (known.isEmpty()) {
            return new Outcome.Missing<>("There is no task " + taskId + " in this incident.");
          }
          var before = known.get();
          var after = changed(before, change, now);
          return after.equals(before)
              ? new Outcome.Done<>(before)
              : store(incident, after, words(before, after), actor, now);
        });
  }

  private static Task changed(Task task, Change change, Instant now) {
    var state = Objects.requireNonNullElse(change.state(), task.state());
    var assignee = change.assignee() == null ? task.assignee() : emptyIsNobody(change.assignee());
    var doneAt =
        state == TaskState.OPEN ? null : state == task.state() ? task.doneAt() : later(task, now);
    return new Task(
        task.id(),
        Objects.requireNonNullElse(change.text(), task.text()),
        assignee,
        state,
        task.createdBy(),
        task.createdAt(),
        doneAt);
  }

  // A clock that was set back must not end a task before it was made.
  private static Instant later(Task task, Instant now) {
    return now.isBefore(task.createdAt()) ? task.createdAt() : now;
  }

  private static @Nullable String emptyIsNobody(String name) {
    return name.isEmpty() ? null : name;
  }

  private static String words(Task before, Task after) {
    if (before.state() != after.state()) {
      return after.state() == TaskState.OPEN
          ? "open again"
          : after.state().name().toLowerCase(Locale.ROOT);
    }
    if (!Objects.equals(before.assignee(), after.assignee())) {
      return after.assignee() == null ? "nobody's any more" : "given to " + after.assignee();
    }
    return "reworded";
  }

  private Outcome<Task> store(Incident incident, Task task, String what, Actor actor, Instant now) {
    people.put(incident.id(), task);
    var data = new LinkedHashMap<String, Object>();
    data.put("taskId", task.id().toString());
    data.put("taskState", task.state().name());
    data.put("task", task.text());
    data.put("assignee", Objects.requireNonNullElse(task.assignee(), ""));
    var summary = "Task %s: %s".formatted(what, task.text());
    book.save(
        incident,
        incident,
        List.of(new Draft(now, TimelineKind.ANNOTATION, actor, summary, data)),
        Cause.NONE);
    return new Outcome.Done<>(task);
  }

  private Outcome<Task> on(UUID id, Function<Incident, Outcome<Task>> work) {
    return transactions.retrying(() ->
        book.incidents()
            .lock(id)
            .map(incident ->
                incident.isResolved() ? new Outcome.Resolved<Task>(incident) : work.apply(incident))
            .orElseGet(Outcome.Unknown::new));
  }
}
