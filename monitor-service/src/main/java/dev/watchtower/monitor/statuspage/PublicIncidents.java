package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.IncidentView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the public was told, in memory: the newest {@value #KEPT} incidents. Safe for use by several
 * threads.
 */
public final class PublicIncidents {
  static final int KEPT = 1_000;
  private static final Duration BACK = Duration.ofDays(400);

  private final PublicHistory history;
  private final Supplier<Catalog> catalog;
  private final Map<UUID, PublicIncident> incidents = new ConcurrentHashMap<>();

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
        .ifPresent(after -> {
          history.save(after);
          incidents.put(after.id(), after);
          if (incidents.size() > KEPT) {
            incidents.values().stream()
                .min(Comparator.comparing(PublicIncident::createdAt))
                .ifPresent(oldest -> incidents.remove(oldest.id()));
          }
        });
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
    return all().stream().filter(i -> i.status() != PublicStatus.RESOLVED).toList();
  }
}
