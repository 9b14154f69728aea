package dev.watchtower.incident.notification;

import java.time.Instant;

/** Remembers, for longer than a request counts as fresh, which ones came already. */
public interface SeenInteractions {
  /** Whether {@code id} has not come before; from now on it has. */
  boolean isFirst(String id, Instant now);
}
