package dev.watchtower.incident.changes;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.Attempts;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Incidents.Filter;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Puts change events onto the timelines of unresolved incidents, each once, as long as they last:
 * an event can come in late, and a blind chaos run is shown by its source only after it has ended.
 * Called by one thread.
 */
public final class ChangeWatch {
  /** The most change events on one timeline. */
  static final int MAX_EVENTS = 50;

  private static final int MAX_INCIDENTS = 200;

  /** Where change events come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * The newest events of an environment since {@code from}; a bounded number.
     *
     * @throws RuntimeException if they cannot be had now
     */
    List<ChangeEvent> events(String env, Instant from, Instant to);
  }

  private final Changes changes;
  private final Source source;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;

  /** A watch. */
  public ChangeWatch(
      Changes changes,
      Source source,
      IncidentBook book,
      Transactions transactions,
      Supplier<Catalog> catalog) {
    this.changes = changes;
    this.source = source;
    this.book = book;
    this.transactions = transactions;
    this.catalog = catalog;
  }

  /**
   * Looks for changes around the incidents that last. What cannot be had for one environment, or
   * stored for one incident, stops none of the others.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void look(Instant now) {
    var open = EnumSet.complementOf(EnumSet.of(IncidentState.RESOLVED));
    var filter = new Filter(open, Set.of(), null, null, null, null, null);
    Map<String, List<Incident>> byEnv =
        transactions.once(() -> book.incidents().list(filter, MAX_INCIDENTS)).stream()
            .collect(Collectors.groupingBy(i -> i.subject().env()));
    var graph = DependencyGraph.of(catalog.get());
    var attempts = new Attempts();
    attempts.each(
        byEnv.entrySet(), one -> look(one.getKey(), one.getValue(), graph, attempts, now));
    attempts.end();
  }

  private void look(
      String env, List<Incident> incidents, DependencyGraph graph, Attempts attempts, Instant now) {
    var from = incidents.stream().map(ChangePolicy::since).min(Instant::compareTo).orElse(now);
    var events = source.events(env, from, now);
    attempts.each(
        incidents,
        incident -> {
          var relevant = ChangePolicy.relevant(incident, events, graph, now);
          if (!relevant.isEmpty()) {
            noteNew(incident, relevant, now);
          }
        });
  }

  private void noteNew(Incident incident, List<ChangeEvent> relevant, Instant now) {
    var keys = changes.known(incident.id());
    int known = keys.size();
    for (var event : relevant) {
      if (known <= MAX_EVENTS && !keys.contains(Changes.Key.of(event))) {
        int count = known;
        if (transactions.retrying(() -> note(incident, event, count, now))) {
          known++;
        }
      }
    }
  }

  private boolean note(Incident seen, ChangeEvent event, int known, Instant now) {
    var incident = book.incidents().lock(seen.id()).orElseThrow();
    if (incident.isResolved() || !changes.add(incident.id(), event)) {
      return false;
    }
    book.note(incident.id(), known == MAX_EVENTS ? more(now) : entry(incident, event));
    return true;
  }

  private static Draft entry(Incident incident, ChangeEvent event) {
    var data = new LinkedHashMap<String, Object>();
    data.put("source", event.source());
    data.put("id", event.id());
    data.put("type", event.type());
    if (event.service() != null) {
      data.put("service", event.service());
    }
    if (event.env() != null) {
      data.put("env", event.env());
    }
    var where = event.service() == null ? "" : event.service() + ": ";
    return new Draft(
        event.time(),
        TimelineKind.CHANGE_EVENT,
        Actor.service("ingest"),
        "%s%s, %s".formatted(where, event.summary(), ChangePolicy.words(event, incident)),
        data);
  }

  private static Draft more(Instant now) {
    return new Draft(
        now,
        TimelineKind.CHANGE_EVENT,
        Actor.service("ingest"),
        "More than %d changes: see the events of the environment".formatted(MAX_EVENTS),
        Map.of("truncated", true));
  }
}
