package dev.watchtower.incident.people;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.Responder;
import dev.watchtower.common.wire.IncidentView.Role;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Outcome;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Who works on an incident, and how bad people say it is. Each change is one transaction and stands
 * on the timeline. Thread-safe.
 */
public final class PeopleDesk {
  /** Most responders in one incident. */
  public static final int MAX_RESPONDERS = 50;

  private final IncidentBook book;
  private final People people;
  private final Transactions transactions;

  /** A desk. */
  public PeopleDesk(IncidentBook book, People people, Transactions transactions) {
    this.book = book;
    this.people = people;
    this.transactions = transactions;
  }

  /**
   * Says how bad an incident is. Rules raise it later only by what is worse than all that was known
   * now, and never lower it.
   *
   * @param comment why, empty for nothing said
   */
  public Outcome<Incident> grade(
      UUID id, Severity severity, String comment, Actor actor, Instant now) {
    return on(
        id,
        before -> {
          var grade = Grade.by(actor, severity);
          if (grade.equals(before.grade())) {
            return new Outcome.Done<>(before);
          }
          var data = new LinkedHashMap<String, Object>();
          data.put("severity", severity.name());
          data.put("previousSeverity", before.severity().name());
          data.put("previousBy", before.grade().by());
          if (!comment.isEmpty()) {
            data.put("comment", comment);
          }
          var what =
              before.severity() == severity
                  ? "Severity %s confirmed".formatted(severity)
                  : "Severity %s → %s".formatted(before.severity(), severity);
          return new Outcome.Done<>(
              book.save(
                  before,
                  before.graded(grade),
                  List.of(note(comment.isEmpty() ? what : what + ": " + comment, data, actor, now)),
                  Cause.NONE));
        });
  }

  /**
   * Gives a person a role; who was incident commander before is a responder from then on. The same
   * again changes nothing.
   */
  public Outcome<Incident> join(UUID id, String name, Role role, Actor actor, Instant now) {
    return on(
        id,
        before -> {
          var present = people.responders(id);
          var known = present.stream().filter(r -> r.name().equals(name)).findFirst();
          if (known.isPresent() && known.get().role() == role) {
            return new Outcome.Done<>(before);
          }
          if (known.isEmpty() && present.size() >= MAX_RESPONDERS) {
            return new Outcome.Refused<>(
                "At most %d people respond to one incident.".formatted(MAX_RESPONDERS));
          }
          var data = new LinkedHashMap<String, Object>();
          data.put("responder", name);
          data.put("role", role.name());
          known.ifPresent(r -> data.put("previousRole", r.role().name()));
          var what = "%s is %s".formatted(name, words(role));
          if (role == Role.INCIDENT_COMMANDER) {
            var leader = present.stream().filter(r -> r.role() == role).findFirst();
            if (leader.isPresent()) {
              var former = leader.get().name();
              people.put(id, new Responder(former, Role.RESPONDER, leader.get().since()));
              data.put("previousCommander", former);
              what = what + ", in the place of " + former;
            }
          }
          people.put(id, new Responder(name, role, known.map(Responder::since).orElse(now)));
          return new Outcome.Done<>(
              book.save(before, before, List.of(note(what, data, actor, now)), Cause.NONE));
        });
  }

  /** Takes a person off. */
  public Outcome<Incident> leave(UUID id, String name, Actor actor, Instant now) {
    return on(
        id,
        before -> {
          var known = people.responders(id).stream().filter(r -> r.name().equals(name)).findFirst();
          if (known.isEmpty()) {
            return new Outcome.Missing<>("'" + name + "' does not respond to this incident.");
          }
          people.remove(id, name);
          var data =
              Map.<String, Object>of("responder", name, "previousRole", known.get().role().name());
          var what = "%s is no longer %s".formatted(name, words(known.get().role()));
          return new Outcome.Done<>(
              book.save(before, before, List.of(note(what, data, actor, now)), Cause.NONE));
        });
  }

  private Outcome<Incident> on(UUID id, Function<Incident, Outcome<Incident>> work) {
    return transactions.retrying(() ->
        book.incidents()
            .lock(id)
            .map(incident ->
                incident.isResolved()
                    ? new Outcome.Resolved<Incident>(incident)
                    : work.apply(incident))
            .orElseGet(Outcome.Unknown::new));
  }

  private static Draft note(String what, Map<String, Object> data, Actor actor, Instant now) {
    return new Draft(now, TimelineKind.ANNOTATION, actor, what, data);
  }

  private static String words(Role role) {
    return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
