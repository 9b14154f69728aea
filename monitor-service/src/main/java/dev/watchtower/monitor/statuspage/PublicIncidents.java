package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.IncidentView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the public was told, in memory: {@value #KEPT} incidents. When there are more, the resolved
 * one of which was told longest ago goes first. Safe for use by several threads.
 */
public final class PublicIncidents {
  static final int KEPT = 1_000;
  private static final Duration BACK = Duration.ofDays(400);

  private final PublicHistory history;
  private final Supplier<Catalog> catalog;
  private final Map<UUID, PublicIncident> incidents = new ConcurrentHashMap<>();
  private final Set<UUID> unsaved = new HashSet<>();

  /** What the history has. */
  public PublicIncidents(PublicHistory history, Supplier<Catalog> catalog, Instant now) {
    this.history = history;
    this.catalog = catalog;
    history.since(now.minus(BACK), KEPT).forEach(i -> incidents.put(i.id(), i));
  }

  /** Takes how an incident stands. */
  public synchronized void take(IncidentView incident, Instant now) {
    var before = incidents.get(incident.id());
    PublicWords.of(before, incident, catalog.get(), now)
        .filter(after -> !after.equals(before))
        .ifPresent(this::put);
  }

  /** Ends an incident that nobody will tell the end of. */
  public synchronized void close(UUID id, Instant now) {
    var before = incidents.get(id);
    if (before != null && !isResolved(before)) {
      put(PublicWords.closed(before, now));
    }
  }

  private void put(PublicIncident incident) {
    incidents.put(incident.id(), incident);
    if (incidents.size() > KEPT) {
      // What lasts is what people look for, however long ago it began.
      incidents.values().stream()
          .min(
              Comparator.<PublicIncident, Boolean>comparing(i -> !isResolved(i))
                  .thenComparing(PublicIncident::updatedAt))
          .ifPresent(oldest -> incidents.remove(oldest.id()));
    }
    unsaved.add(incident.id());
    save();
  }

  private void save() {
    try {
      for (var id : Set.copyOf(unsaved)) {
        var incident = incidents.get(id);
        if (incident != null) {
          history.save(incident);
        }
        unsaved.remove(id);
      }
    } catch (RuntimeException storeFailed) {
      // The page goes on from memory. What is unsaved goes with the next one, and after a restart
      // it is made from the last known state, whose upkeep says what is wrong with the store.
    }
  }

  /** All, the newest first. */
  public List<PublicIncident> all() {
    return incidents.values().stream()
        .sorted(
            Comparator.comparing(PublicIncident::createdAt)
                .reversed()
                .thenComparing(PublicIncident::id))
        .toList();
  }

  /** Those that are not resolved, the newest first. */
  public List<PublicIncident> unresolved() {
    return all().stream().filter(i -> !isResolved(i)).toList();
  }

  private static boolean isResolved(PublicIncident incident) {
    return incident.status() == PublicStatus.RESOLVED;
  }
}
