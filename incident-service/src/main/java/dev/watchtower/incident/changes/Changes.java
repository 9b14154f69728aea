package dev.watchtower.incident.changes;

import dev.watchtower.common.wire.ChangeEvent;
import java.util.Set;
import java.util.UUID;

/** Which change events are on which timeline. In the caller's transaction; thread-safe. */
public interface Changes {
  /** What identifies an event: its source and its id. */
  record Key(String source, String id) {
    /** The key of an event. */
    public static Key of(ChangeEvent event) {
      return new Key(event.source(), event.id());
    }
  }

  /** The events of an incident. */
  Set<Key> known(UUID incident);

  /** Marks an event as being on the incident's timeline; false if it is there already. */
  boolean add(UUID incident, ChangeEvent event);
}
