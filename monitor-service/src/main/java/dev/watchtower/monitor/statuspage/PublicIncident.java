package dev.watchtower.monitor.statuspage;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the public sees it: nothing of its inside but what it means for the components.
 *
 * @param components names of the components it touches
 * @param services names of the services it touches, which the public is not told; empty where they
 *     are not known any more
 * @param over whether its components work again, whatever has been told of that so far
 * @param updates what was told, oldest first, at least one
 */
public record PublicIncident(
    UUID id,
    String name,
    Indicator impact,
    PublicStatus status,
    List<String> components,
    Set<String> services,
    boolean over,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant monitoringAt,
    @Nullable Instant resolvedAt,
    List<Update> updates) {
  /** One thing that was told. */
  public record Update(UUID id, PublicStatus status, String body, Instant at) {}

  public PublicIncident {
    components = List.copyOf(components);
    services = Set.copyOf(services);
    updates = List.copyOf(updates);
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("an incident without updates tells nothing");
    }
  }
}
