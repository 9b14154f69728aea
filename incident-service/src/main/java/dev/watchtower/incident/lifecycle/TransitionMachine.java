package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import java.util.Optional;

/** Says where an event leads. Implementations hold no state between calls and are thread-safe. */
@FunctionalInterface
public interface TransitionMachine {
  /** The state that {@code event} leads to from {@code from}; empty if it is not allowed there. */
  Optional<IncidentState> next(IncidentState from, IncidentEvent event);
}
