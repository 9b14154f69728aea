package dev.watchtower.incident.statusupdate;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Catalog.StatusPage.Updates;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.incident.lifecycle.EntrySource;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.timeline.Draft;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes an update whenever an incident that the status page shows comes to another of the four
 * public words: published at once or as a draft, as the catalog says. The page shows what touches
 * one of its components, and what a person has published something of. In the transaction of the
 * change; thread-safe.
 */
public final class StatusWatch implements EntrySource {
  static final Actor ACTOR = Actor.policy("status-page");

  private final StatusUpdates updates;
  private final Function<UUID, Optional<Incident>> mergedInto;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /**
   * A watch.
   *
   * @param mergedInto the incident that another one was, or is being, merged into
   */
  public StatusWatch(
      StatusUpdates updates,
      Function<UUID, Optional<Incident>> mergedInto,
      Supplier<Catalog> catalog,
      InstantSource clock) {
    this.updates = updates;
    this.mergedInto = mergedInto;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public List<Draft> entriesFor(@Nullable Incident before, Incident after, Cause cause) {
    boolean moved = before == null || before.state() != after.state();
    boolean elsewhere = before == null || !servicesOf(before).equals(servicesOf(after));
    var current = catalog.get();
    if (!moved && !elsewhere) {
      return List.of();
    }
    var known = before == null ? List.<StatusUpdate>of() : updates.of(after.id());
    if (!touchesComponent(after, current)
        && known.stream().noneMatch(u -> u.state() == State.PUBLISHED)) {
      return List.of();
    }
    var word = PublicWord.of(after.state());
    var mode = current.statusPage().updates();
    // What is published without a person must not wait for the draft of one.
    var said =
        known.stream()
            .filter(u ->
                mode == Updates.AUTO ? u.state() == State.PUBLISHED : u.state() != State.DISCARDED)
            .toList();
    var target =
        moved && after.isResolved() ? mergedInto.apply(after.id()) : Optional.<Incident>empty();
    if (target.isPresent()) {
      return merged(after, target.get(), said, current);
    }
    // A person may have said another word than the state's: that holds until the state changes it,
    // or until it reaches a component of which nobody spoke.
    boolean isSameWord =
        before != null
            && PublicWord.of(before.state()) == word
            && componentsOf(before, current).containsAll(componentsOf(after, current));
    // Nor is a draft written again that a person discarded.
    boolean isSettled = mode == Updates.AUTO ? !said.isEmpty() : !known.isEmpty();
    if ((isSettled && isSameWord)
        || (!said.isEmpty() && said.getLast().status().equals(word.word()))) {
      return List.of();
    }
    boolean isBack =
        said.stream()
            .anyMatch(u ->
                u.state() == State.PUBLISHED && u.status().equals(PublicWord.MONITORING.word()));
    var text = word.text(isBack, after.marks().mitigated() != null);
    return tell(after, word.word(), text, mode);
  }

  // It is not over for the public as long as the other incident shows at the same component: the
  // last word stays, and the text says where it goes on.
  private List<Draft> merged(
      Incident source, Incident target, List<StatusUpdate> said, Catalog current) {
    if (said.isEmpty()) {
      return List.of();
    }
    var services = servicesOf(target);
    source.signals().forEach(signal -> services.add(signal.service()));
    var shared = componentsOf(services, target, current);
    shared.retainAll(componentsOf(source, current));
    var mode = current.statusPage().updates();
    return shared.isEmpty()
        ? tell(source, PublicWord.RESOLVED.word(), PublicWord.HANDED_OVER, mode)
        : tell(source, said.getLast().status(), PublicWord.JOINED, mode);
  }

  private List<Draft> tell(Incident incident, String word, String text, Updates mode) {
    var now = clock.instant();
    updates.discardDrafts(incident.id(), ACTOR.name());
    boolean atOnce = mode == Updates.AUTO;
    var update =
        new StatusUpdate(
            UUID.randomUUID(),
            word,
            text,
            atOnce ? State.PUBLISHED : State.DRAFT,
            now,
            atOnce ? now : null,
            ACTOR.name());
    updates.add(incident.id(), update);
    return update.state() == State.PUBLISHED
        ? List.of(StatusEntries.published(update, ACTOR, now))
        : List.of();
  }

  private static boolean touchesComponent(Incident incident, Catalog catalog) {
    return !componentsOf(incident, catalog).isEmpty();
  }

  private static Set<String> componentsOf(Incident incident, Catalog catalog) {
    return componentsOf(servicesOf(incident), incident, catalog);
  }

  private static Set<String> componentsOf(
      Set<String> services, Incident incident, Catalog catalog) {
    var names = new HashSet<String>();
    catalog.statusPage().components().stream()
        .filter(c -> c.env().equals(incident.subject().env()))
        .filter(c -> c.services().stream().anyMatch(services::contains))
        .forEach(c -> names.add(c.name()));
    return names;
  }

  private static Set<String> servicesOf(Incident incident) {
    var services = new HashSet<>(Set.of(incident.subject().service()));
    incident.signals().forEach(signal -> services.add(signal.service()));
    return services;
  }
}
