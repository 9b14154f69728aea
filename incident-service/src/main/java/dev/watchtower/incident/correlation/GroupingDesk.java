package dev.watchtower.incident.correlation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Merges and splits incidents as people say, each in one transaction. Thread-safe. */
public final class GroupingDesk {
  /** What became of it. */
  public sealed interface Grouped {
    /** Done: the incident that has the signals now. */
    record Done(Incident incident) implements Grouped {}

    /** There is no such incident. */
    record Unknown(UUID id) implements Grouped {}

    /** Not possible, in words for people; nothing has changed. */
    record Refused(String why) implements Grouped {}
  }

  private final IncidentBook book;
  private final Lifecycle lifecycle;
  private final Groupings groupings;
  private final Merger.Followers followers;
  private final Merger merger;
  private final Transactions transactions;
  private final UnaryOperator<String> scopes;

  /**
   * A desk.
   *
   * @param scopes as in {@link Correlation#scopeOf}
   */
  public GroupingDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Groupings groupings,
      Merger.Followers followers,
      Merger merger,
      Transactions transactions,
      UnaryOperator<String> scopes) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.groupings = groupings;
    this.followers = followers;
    this.merger = merger;
    this.transactions = transactions;
    this.scopes = scopes;
  }

  /** Gives the signals of {@code from} to {@code into}, and ends {@code from}. */
  public Grouped merge(UUID from, UUID into, String comment, Actor person, Instant now) {
    if (from.equals(into)) {
      return new Grouped.Refused("An incident cannot be merged into itself.");
    }
    var scoped = new ArrayList<Scope>();
    for (var id : List.of(from, into)) {
      var scope = scopeOf(id);
      if (scope.isEmpty()) {
        return new Grouped.Unknown(id);
      }
      scoped.add(scope.get());
    }
    return transactions.retrying(() -> {
      // Signals of their services must not come in between, nor wait for one while they hold one.
      scoped.stream().distinct().sorted().forEach(this::lock);
      return mergeOnce(from, into, comment, person, now);
    });
  }

  /** Whose incidents wait for one another. */
  private record Scope(String name, String env) implements Comparable<Scope> {
    @Override
    public int compareTo(Scope other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : env.compareTo(other.env);
    }
  }

  // In a transaction of its own: what is read before the lock is not read again after it.
  private Optional<Scope> scopeOf(UUID id) {
    return transactions
        .once(() -> book.incidents().find(id))
        .map(Incident::subject)
        .map(subject -> new Scope(scopes.apply(subject.service()), subject.env()));
  }

  private void lock(Scope scope) {
    book.incidents().lockScope(scope.name(), scope.env());
  }

  private Grouped mergeOnce(UUID from, UUID into, String comment, Actor person, Instant now) {
    // Always the smaller id first, as everybody does who locks several.
    boolean fromFirst = from.toString().compareTo(into.toString()) < 0;
    var first = book.incidents().lock(fromFirst ? from : into).orElseThrow();
    var second = book.incidents().lock(fromFirst ? into : from).orElseThrow();
    var source = fromFirst ? first : second;
    var target = fromFirst ? second : first;
    if (!source.subject().env().equals(target.subject().env())) {
      return new Grouped.Refused("They are of different environments.");
    }
    if (source.isResolved() || target.isResolved()) {
      return new Grouped.Refused("A resolved incident does not change any more.");
    }
    var merged = merger.merge(source, target, comment, person, now);
    if (merged.isEmpty()) {
      return new Grouped.Refused(
          "Incident #%d is %s and cannot end so: mitigate it first."
              .formatted(source.number(), source.state()));
    }
    var after = merged.get().target();
    var drafts = new ArrayList<>(merged.get().entries());
    if (after.isFiring() && after.state() == IncidentState.MITIGATED) {
      after = move(after, IncidentEvent.REGRESS, "regress", "a merged signal fires", drafts, now);
    }
    return new Grouped.Done(book.save(target, lifecycle.timed(after, now), drafts, Cause.NONE));
  }

  /** Opens an incident of its own for some of the signals of {@code id}. */
  public Grouped split(
      UUID id, Set<String> fingerprints, String comment, Actor person, Instant now) {
    var scope = scopeOf(id);
    if (scope.isEmpty()) {
      return new Grouped.Unknown(id);
    }
    return transactions.retrying(() -> {
      lock(scope.get());
      return splitOnce(id, fingerprints, comment, person, now);
    });
  }

  private Grouped splitOnce(
      UUID id, Set<String> fingerprints, String comment, Actor person, Instant now) {
    var before = book.incidents().lock(id).orElseThrow();
    var taken =
        before.signals().stream().filter(s -> fingerprints.contains(s.fingerprint())).toList();
    var refusal = refusalOf(before, taken, fingerprints);
    if (!refusal.isEmpty()) {
      return new Grouped.Refused(refusal);
    }
    var drafts = new ArrayList<Draft>();
    var left = before.without(fingerprints);
    var service = taken.getFirst().service();
    drafts.add(
        note(
            "Split off into an incident of its own: %d of %s%s"
                .formatted(taken.size(), service, Merger.tail(comment)),
            "splitInto",
            before,
            person,
            now));
    if (!left.isFiring() && left.state() != IncidentState.MITIGATED && !left.subject().declared()) {
      left =
          move(left, IncidentEvent.RECOVER, "recover", "nothing that is left fires", drafts, now);
    }
    book.save(before, lifecycle.timed(left, now), drafts, Cause.NONE);
    var opened = open(before, taken, comment, person, now);
    groupings.add(opened.id(), Groupings.Kind.SPLIT_FROM, id, now);
    followers.follow(fingerprints, id, opened.id());
    return new Grouped.Done(opened);
  }

  private String refusalOf(
      Incident incident, List<IncidentSignal> taken, Set<String> fingerprints) {
    if (incident.isResolved()) {
      return "A resolved incident does not change any more.";
    }
    if (taken.size() != fingerprints.size()) {
      return "Not all of these signals are in incident #%d.".formatted(incident.number());
    }
    var services = taken.stream().map(IncidentSignal::service).distinct().toList();
    if (services.size() != 1 || services.contains(incident.subject().service())) {
      return "Split off the signals of one other service: those of %s make this incident."
          .formatted(incident.subject().service());
    }
    if (taken.stream().noneMatch(s -> s.status() == SignalStatus.FIRING)) {
      return "None of these signals fires: there is nothing to open an incident for.";
    }
    return book.incidents().lockOpen(services.getFirst(), incident.subject().env()).isPresent()
        ? "%s has an unresolved incident already: merge instead.".formatted(services.getFirst())
        : "";
  }

  private Incident open(
      Incident origin, List<IncidentSignal> taken, String comment, Actor person, Instant now) {
    var worst = taken.stream().map(IncidentSignal::severity).reduce(Severity::worse).orElseThrow();
    var first = taken.getFirst();
    var summary = first.summary().isBlank() ? first.rule() : first.summary();
    var subject =
        new Subject(
            first.service() + ": " + summary, first.service(), origin.subject().env(), null);
    return book.open(
        subject,
        worst,
        now,
        Cause.NONE,
        (empty, drafts) -> {
          drafts.add(
              note(
                  "Split off incident #%d of %s%s"
                      .formatted(origin.number(), origin.subject().service(), Merger.tail(comment)),
                  "splitFrom",
                  origin,
                  person,
                  now));
          var filled = empty;
          for (var signal : taken) {
            filled = filled.with(signal.flapping(false));
          }
          return filled;
        });
  }

  private Incident move(
      Incident incident,
      IncidentEvent event,
      String policy,
      String why,
      List<Draft> drafts,
      Instant now) {
    var command = Command.byPolicy(event, policy, why, now);
    if (lifecycle.decide(incident, command) instanceof Decision.Moved moved) {
      drafts.add(IncidentBook.stateChanged(moved, command));
      return moved.after();
    }
    return incident;
  }

  private static Draft note(
      String summary, String role, Incident other, Actor person, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put(role, other.id().toString());
    data.put("number", other.number());
    return new Draft(now, TimelineKind.ANNOTATION, person, summary, data);
  }
}
