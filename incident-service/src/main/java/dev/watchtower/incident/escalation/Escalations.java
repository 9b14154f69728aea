package dev.watchtower.incident.escalation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where the escalations stand. In the caller's transaction; thread-safe. */
public interface Escalations {
  /** The incident's. */
  Optional<EscalationState> find(UUID incident);

  /** Keeps it. */
  void keep(EscalationState state);

  /** Incidents whose timer has run out, at most {@code limit}. */
  List<UUID> due(Instant now, int limit);
}
