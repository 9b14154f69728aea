package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The incidents that a batch of signals meets: locked, and changed in memory, so that many signals
 * are one change of an incident. What is gathered is written at the end, and before a change that
 * moves the state or is about a fingerprint that is part of it already: whoever is told sees each
 * of those by itself. For one thread and one transaction.
 */
final class PendingChanges {
  /** A signal's part of a change. */
  record Part(Incident after, List<Draft> drafts, Told told) {}

  /** Whether people are to be told that a signal fired. */
  enum Told {
    /** It is no news. */
    NO,
    /** It is. */
    YES,
    /** It is, and its sender has told them. */
    ELSEWHERE
  }

  private static final class Pending {
    private final Set<String> fingerprints = new HashSet<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Signal> fired = new ArrayList<>();
    private boolean toldElsewhere = true;
    private boolean opens;
    private Incident stored;
    private Incident now;

    Pending(Incident stored, boolean opens) {
      this.stored = stored;
      this.now = stored;
      this.opens = opens;
    }

    Cause cause() {
      return fired.isEmpty() ? Cause.NONE : new Cause(fired, toldElsewhere, false);
    }
  }

  private final IncidentBook book;
  private final String env;
  private final Map<UUID, Pending> all = new LinkedHashMap<>();

  /** Changes in an environment. */
  PendingChanges(IncidentBook book, String env) {
    this.book = book;
    this.env = env;
  }

  /** Locks the unresolved incidents about those services or with those fingerprints. */
  void load(Collection<String> services, Collection<String> fingerprints) {
    book.incidents()
        .lockUnresolved(env, services, fingerprints, all.keySet())
        .forEach(incident -> all.put(incident.id(), new Pending(incident, false)));
  }

  /** Those that are loaded or opened here, as they are now. */
  List<Incident> unresolved() {
    return unresolvedOnes().toList();
  }

  /** The newest one that has a signal of the fingerprint. */
  Optional<Incident> holding(String fingerprint) {
    return newest(incident -> incident.signal(fingerprint).isPresent());
  }

  /** The one about the service. */
  Optional<Incident> about(String service) {
    return newest(incident -> incident.subject().service().equals(service));
  }

  private Optional<Incident> newest(Predicate<Incident> which) {
    return unresolvedOnes().filter(which).max(Comparator.comparingLong(Incident::number));
  }

  private Stream<Incident> unresolvedOnes() {
    return all.values().stream()
        .map(pending -> pending.now)
        .filter(incident -> !incident.isResolved());
  }

  /** Opens an incident; what follows of the batch belongs to its opening. */
  Incident open(Subject subject, Severity severity, Instant at) {
    // An incident that was about the service may be about another one by what is gathered.
    write();
    var empty = book.begin(subject, severity, at);
    all.put(empty.id(), new Pending(empty, true));
    return empty;
  }

  /** The incident as it is stored once what is gathered of it is written. */
  Incident written(UUID id) {
    var pending = pending(id);
    write(pending);
    return pending.now;
  }

  /** Takes note of a change that was stored past this: of an incident that is {@link #written}. */
  void stored(Incident incident) {
    var pending = pending(incident.id());
    pending.stored = incident;
    pending.now = incident;
  }

  /**
   * The incident, ready for a part of a signal: what cannot be in one change with it is written.
   *
   * @param moves whether the signal moves the incident's state
   */
  Incident ready(UUID id, Signal signal, boolean moves) {
    var pending = pending(id);
    if (moves || pending.fingerprints.contains(signal.fingerprint())) {
      write(pending);
    }
    return pending.now;
  }

  /** Adds a signal's part to the change of an incident that is {@link #ready}. */
  Incident add(Signal signal, Part part) {
    var pending = pending(part.after().id());
    pending.now = part.after();
    pending.drafts.addAll(part.drafts());
    pending.fingerprints.add(signal.fingerprint());
    if (part.told() != Told.NO) {
      pending.fired.add(signal);
      pending.toldElsewhere &= part.told() == Told.ELSEWHERE;
    }
    return pending.now;
  }

  private Pending pending(UUID id) {
    var pending = all.get(id);
    if (pending == null) {
      throw new IllegalArgumentException("incident " + id + " is not locked");
    }
    return pending;
  }

  /** Writes all that is gathered. */
  void write() {
    all.values().forEach(this::write);
  }

  private void write(Pending pending) {
    if (pending.fingerprints.isEmpty()) {
      return;
    }
    pending.stored =
        pending.opens
            ? book.complete(pending.stored, pending.now, pending.drafts, pending.cause())
            : book.save(pending.stored, pending.now, pending.drafts, pending.cause());
    pending.now = pending.stored;
    pending.opens = false;
    pending.toldElsewhere = true;
    pending.drafts.clear();
    pending.fired.clear();
    pending.fingerprints.clear();
  }
}
