package dev.watchtower.incident.statusupdate;

import dev.watchtower.common.wire.StatusUpdate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The status updates of incidents. In the caller's transaction; thread-safe. */
public interface StatusUpdates {
  /** All of them, in the order of making. */
  List<StatusUpdate> of(UUID incident);

  /** One of the incident's. */
  Optional<StatusUpdate> find(UUID incident, UUID update);

  /** Adds one. */
  void add(UUID incident, StatusUpdate update);

  /** Stores a draft as it is now: reworded, published or discarded. */
  void store(StatusUpdate update);

  /** Discards the drafts of {@code author}, since they say what is over. */
  void discardDrafts(UUID incident, String author);
}
