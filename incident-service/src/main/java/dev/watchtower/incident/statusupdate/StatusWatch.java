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
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes an update whenever an incident that touches a component of the status page comes to
 * another of the four public words: published at once or as a draft, as the catalog says. In the
 * transaction of the change; thread-safe.
 */
public final class StatusWatch implements EntrySource {
  private static final Actor ACTOR = Actor.policy("status-page");

  private final StatusUpdates updates;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /** A watch. */
  public StatusWatch(StatusUpdates updates, Supplier<Catalog> catalog, InstantSource clock) {
    this.updates = updates;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public List<Draft> entriesFor(@Nullable Incident before, Incident after, Cause cause) {
    boolean moved = before == null || before.state() != after.state();
    boolean elsewhere = before == null || !servicesOf(before).equals(servicesOf(after));
    var current = catalog.get();
    if ((!moved && !elsewhere) || !isPublic(after, current)) {
      return List.of();
    }
    var word = PublicWord.of(after.state());
    var said = updates.of(after.id()).stream().filter(u -> u.state() != State.DISCARDED).toList();
    if (!said.isEmpty() && said.getLast().status().equals(word.word())) {
      return List.of();
    }
    var now = clock.instant();
    updates.discardDrafts(after.id(), ACTOR.name());
    var update = update(word, after, said, current.statusPage().updates(), now);
    updates.add(after.id(), update);
    return update.state() == State.PUBLISHED
        ? List.of(StatusEntries.published(update, ACTOR, now))
        : List.of();
  }

  private static StatusUpdate update(
      PublicWord word, Incident incident, List<StatusUpdate> said, Updates mode, Instant now) {
    boolean isBack =
        said.stream()
            .anyMatch(u ->
                u.state() == State.PUBLISHED && u.status().equals(PublicWord.MONITORING.word()));
    var text = word.text(isBack, incident.marks().mitigated() != null);
    boolean atOnce = mode == Updates.AUTO;
    return new StatusUpdate(
        UUID.randomUUID(),
        word.word(),
        text,
        atOnce ? State.PUBLISHED : State.DRAFT,
        now,
        atOnce ? now : null,
        ACTOR.name());
  }

  /** Whether the incident touches a component of the status page. */
  static boolean isPublic(Incident incident, Catalog catalog) {
    var services = servicesOf(incident);
    return catalog.statusPage().components().stream()
        .filter(c -> c.env().equals(incident.subject().env()))
        .anyMatch(c -> c.services().stream().anyMatch(services::contains));
  }

  private static Set<String> servicesOf(Incident incident) {
    var services = new HashSet<>(Set.of(incident.subject().service()));
    incident.signals().forEach(signal -> services.add(signal.service()));
    return services;
  }
}
