package dev.watchtower.incident.signals;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What Alertmanager left out of its groups. In the caller's transaction; thread-safe. */
public interface Truncations {
  /** The unresolved incidents that hold a signal of those fingerprints. */
  List<UUID> holding(Collection<String> fingerprints);

  /** The most that the incident's timeline says of the group; 0 for nothing. */
  long most(UUID incident, String group);

  /** Keeps what it says now. */
  void keep(UUID incident, String group, long most);
}
