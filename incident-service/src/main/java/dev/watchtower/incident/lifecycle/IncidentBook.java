package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.timeline.Draft;
import dev.watchtower.incident.timeline.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of incidents down: the row, its timeline entries and what follows from them, all
 * in the caller's transaction and always in the order row, timeline, listeners, so that two
 * transactions never wait for each other.
 */
public final class IncidentBook {
  /**
   * Why a change was made.
   *
   * @param fired the signals that began to fire in it, each of another fingerprint
   * @param toldElsewhere whether the senders of all of them have told people themselves
   * @param unmuted whether what kept people from being told is over
   */
  public record Cause(List<Signal> fired, boolean toldElsewhere, boolean unmuted) {
    /** No signal. */
    public static final Cause NONE = new Cause(List.of(), false, false);

    /**
     * What kept people from being told is over.
     *
     * @param toldElsewhere whether who reported the trouble has told some of them all the same
     */
    public static Cause unmuted(boolean toldElsewhere) {
      return new Cause(List.of(), toldElsewhere, true);
    }

    public Cause {
      fired = List.copyOf(fired);
    }

    /** Whether a signal began to fire in it. */
    public boolean isFired() {
      return !fired.isEmpty();
    }
  }

  private final Incidents incidents;
  private final Timeline timeline;
  private final List<EntrySource> sources;
  private final List<IncidentListener> listeners;

  /** A book that asks {@code sources} and then tells {@code listeners}, each in their order. */
  public IncidentBook(
      Incidents incidents,
      Timeline timeline,
      List<EntrySource> sources,
      List<IncidentListener> listeners) {
    this.incidents = incidents;
    this.timeline = timeline;
    this.sources = List.copyOf(sources);
    this.listeners = List.copyOf(listeners);
  }

  /** The store behind it, for reading and locking. */
  public Incidents incidents() {
    return incidents;
  }

  /** Opens an incident without a signal. */
  public Incident open(Subject subject, Grade grade, Instant at, List<Draft> drafts) {
    var opened = incidents.open(subject, grade, at);
    write(null, opened, drafts, Cause.NONE);
    return opened;
  }

  /**
   * Opens an incident with a first signal.
   *
   * @param opening makes the incident with its signal and the entries from the empty one
   */
  public Incident open(
      Subject subject, Severity severity, Instant at, Cause cause, Opening opening) {
    var empty = begin(subject, severity, at);
    var drafts = new ArrayList<Draft>();
    return complete(empty, opening.fill(empty, drafts), drafts, cause);
  }

  /**
   * Begins an incident that is still empty; nobody is told of it before {@link #complete}, which
   * must follow in the same transaction.
   */
  public Incident begin(Subject subject, Severity severity, Instant at) {
    return incidents.open(subject, Grade.byRule(severity), at);
  }

  /** Stores what an incident begins with, and tells of its opening. */
  public Incident complete(Incident empty, Incident filled, List<Draft> drafts, Cause cause) {
    var stored = incidents.update(empty, filled);
    write(null, stored, drafts, cause);
    return stored;
  }

  /** Fills a fresh incident. */
  @FunctionalInterface
  public interface Opening {
    /** The incident to store; adds its entries to {@code drafts}. */
    Incident fill(Incident empty, List<Draft> drafts);
  }

  /** Stores a change. */
  public Incident save(Incident before, Incident after, List<Draft> drafts, Cause cause) {
    var stored = incidents.update(before, takenUp(after, drafts));
    write(before, stored, drafts, cause);
    return stored;
  }

  /**
   * Adds an entry to the timeline of an incident that does not change by it, but that a person's
   * entry can show that it is taken up. The incident is locked in any case, to keep the order of
   * locks.
   *
   * @return the entry; empty if there is no such incident
   */
  public Optional<TimelineEntry> note(UUID id, Draft draft) {
    return note(id, draft, Cause.NONE);
  }

  /** The same for a cause. */
  public Optional<TimelineEntry> note(UUID id, Draft draft, Cause cause) {
    return incidents
        .lock(id)
        .map(incident -> {
          var taken = takenUp(incident, List.of(draft));
          var after = taken.equals(incident) ? incident : incidents.update(incident, taken);
          var drafts = new ArrayList<Draft>();
          drafts.add(draft);
          if (cause.unmuted()) {
            // That people can be told is news for those who say whether they are.
            sources.forEach(source -> drafts.addAll(source.entriesFor(incident, after, cause)));
          }
          var entries = timeline.append(id, followed(incident, after, drafts));
          tell(incident, after, entries, cause);
          return entries.getFirst();
        });
  }

  // Whoever does something about what is investigated already shows that somebody is on it.
  private static Incident takenUp(Incident incident, List<Draft> drafts) {
    return drafts.stream()
        .filter(Draft::isDeed)
        .findFirst()
        .map(draft -> incident.takenUp(draft.ts()))
        .orElse(incident);
  }

  private void write(@Nullable Incident before, Incident after, List<Draft> drafts, Cause cause) {
    var all = new ArrayList<>(drafts);
    sources.forEach(source -> all.addAll(source.entriesFor(before, after, cause)));
    tell(before, after, timeline.append(after.id(), followed(before, after, all)), cause);
  }

  private List<Draft> followed(@Nullable Incident before, Incident after, List<Draft> drafts) {
    var all = new ArrayList<>(drafts);
    sources.forEach(source -> all.addAll(source.entriesAfter(before, after, drafts)));
    return all;
  }

  /** The entry for a transition. */
  public static Draft stateChanged(Decision.Moved moved, Command command) {
    var from = moved.before().state();
    var to = moved.after().state();
    var data = new LinkedHashMap<String, Object>();
    data.put("event", command.event().name());
    data.put("from", from.name());
    data.put("to", to.name());
    if (!command.comment().isEmpty()) {
      data.put("comment", command.comment());
    }
    return new Draft(
        command.at(),
        TimelineKind.STATE_CHANGED,
        command.actor(),
        command.comment().isEmpty()
            ? "%s: %s → %s".formatted(command.event(), from, to)
            : "%s: %s → %s (%s)".formatted(command.event(), from, to, command.comment()),
        data);
  }

  private void tell(
      @Nullable Incident before, Incident after, List<TimelineEntry> entries, Cause cause) {
    var change = new IncidentChange(before, after, entries, cause);
    listeners.forEach(listener -> listener.changed(change));
  }
}
