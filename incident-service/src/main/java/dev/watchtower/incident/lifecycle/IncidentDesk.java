package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What people and policies do with incidents, one transaction each. Thread-safe. */
public final class IncidentDesk {
  private static final int AUTO_RESOLVE_BATCH = 100;

  private final IncidentBook book;
  private final Lifecycle lifecycle;
  private final Transactions transactions;
  private final UnaryOperator<String> scopes;

  /**
   * A desk.
   *
   * @param scopes the scope in which incidents of a service are opened one after the other
   */
  public IncidentDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Transactions transactions,
      UnaryOperator<String> scopes) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.transactions = transactions;
    this.scopes = scopes;
  }

  /** The incident. */
  public Optional<Incident> find(UUID id) {
    return transactions.once(() -> book.incidents().find(id));
  }

  /** At most {@code limit} incidents, the newest first. */
  public List<Incident> list(Incidents.Filter filter, int limit) {
    return transactions.once(() -> book.incidents().list(filter, limit));
  }

  /**
   * Moves an incident on, if the lifecycle allows it. A command without a version means the state
   * that the incident has when the command comes in: whoever loses a race is told so.
   *
   * @return the decision; empty if there is no such incident
   */
  public Optional<Decision> transition(UUID id, Command command) {
    var seen = find(id);
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(transactions.retrying(() -> decideAndStore(seen.get(), command)));
    } catch (ConcurrentChange e) {
      return Optional.of(new Decision.Stale(find(id).orElse(seen.get())));
    }
  }

  // Locked, as all that changes an incident is: a storm of signals stores it anew each time, and a
  // click would lose every attempt although the state has not moved.
  private Decision decideAndStore(Incident seen, Command command) {
    var incident = book.incidents().lock(seen.id()).orElse(seen);
    if (!incident.isResolved() && incident.stateVersion() != seen.stateVersion()) {
      return new Decision.Stale(incident);
    }
    var decision = lifecycle.decide(incident, command);
    if (decision instanceof Decision.Moved moved) {
      var drafts = List.of(IncidentBook.stateChanged(moved, command));
      var stored = book.save(incident, moved.after(), drafts, Cause.NONE);
      return new Decision.Moved(incident, stored);
    }
    return decision;
  }

  /** What {@link #declare} did. */
  public sealed interface Declared {
    /** It was opened. */
    record Opened(Incident incident) implements Declared {}

    /** The service and environment have an unresolved incident already. */
    record AlreadyOpen(Incident incident) implements Declared {}
  }

  /** Opens an incident by hand. */
  public Declared declare(
      Subject subject, Severity severity, String comment, Actor actor, Instant now) {
    return transactions.retrying(() -> {
      book.incidents().lockScope(scopes.apply(subject.service()), subject.env());
      var open = book.incidents().lockOpen(subject.service(), subject.env());
      if (open.isPresent()) {
        return new Declared.AlreadyOpen(open.get());
      }
      var data = new LinkedHashMap<String, Object>();
      data.put("declared", true);
      data.put("severity", severity.name());
      if (!comment.isEmpty()) {
        data.put("comment", comment);
      }
      var draft =
          new Draft(
              now,
              TimelineKind.ANNOTATION,
              actor,
              comment.isEmpty() ? "Declared by hand" : "Declared by hand: " + comment,
              data);
      return new Declared.Opened(
          book.open(subject, Grade.by(actor, severity), now, List.of(draft)));
    });
  }

  /**
   * Gives an incident to a person, or to nobody.
   *
   * @return the incident; a resolved one is returned unchanged; empty if there is no such incident
   */
  public Optional<Incident> assign(UUID id, @Nullable String person, Actor actor, Instant now) {
    return transactions.retrying(() -> {
      var found = book.incidents().lock(id);
      if (found.isEmpty() || found.get().isResolved()) {
        return found;
      }
      var before = found.get();
      var data = new LinkedHashMap<String, Object>();
      data.put("assignee", person == null ? "" : person);
      data.put("previous", Objects.requireNonNullElse(before.assignee(), ""));
      var draft =
          new Draft(
              now,
              TimelineKind.ANNOTATION,
              actor,
              person == null ? "Nobody is assigned any more" : "Assigned to " + person,
              data);
      return Optional.of(book.save(before, before.assignedTo(person), List.of(draft), Cause.NONE));
    });
  }

  /**
   * Adds a person's note; also to a resolved incident.
   *
   * @param text Markdown
   * @return the entry; empty if there is no such incident
   */
  public Optional<TimelineEntry> annotate(UUID id, String text, Actor actor, Instant now) {
    var draft =
        new Draft(now, TimelineKind.ANNOTATION, actor, firstLine(text), Map.of("text", text));
    return transactions.retrying(() -> book.note(id, draft));
  }

  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
  }

  /**
   * Resolves what has been quiet for long enough. The timers are rows, so they survive restarts. A
   * failure stops none of the others.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void autoResolve(Instant now) {
    transactions.each(
        transactions.once(() -> book.incidents().dueForAutoResolve(now, AUTO_RESOLVE_BATCH)),
        id -> autoResolve(id, now));
  }

  private void autoResolve(UUID id, Instant now) {
    var incident = book.incidents().lock(id).orElseThrow();
    var due = incident.autoResolveAt();
    if (due == null || due.isAfter(now)) {
      return;
    }
    var command =
        Command.byPolicy(
            IncidentEvent.RESOLVE, "auto-resolve", "quiet since the last signal cleared", now);
    if (lifecycle.decide(incident, command) instanceof Decision.Moved moved) {
      var drafts = List.of(IncidentBook.stateChanged(moved, command));
      var unused = book.save(incident, moved.after(), drafts, Cause.NONE);
    }
  }
}
