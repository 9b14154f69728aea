package dev.watchtower.incident.lifecycle;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Reads the rooms of incidents. In the caller's transaction; thread-safe. */
@FunctionalInterface
public interface Rooms {
  /** The rooms of those incidents; one that is not in the map is empty. */
  Map<UUID, Room> of(Collection<UUID> incidents);
}
