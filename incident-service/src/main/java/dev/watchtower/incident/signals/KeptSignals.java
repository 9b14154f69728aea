package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Signals that are to fire anew unless their end comes before; of each fingerprint one at most. In
 * the caller's transaction; thread-safe.
 */
public interface KeptSignals {
  /** One of them. */
  record Kept(Signal signal, Instant dueAt) {}

  /** Keeps a signal that fires until {@code dueAt}, in the place of one of its fingerprint. */
  void keep(Signal signal, Instant dueAt);

  /** Forgets those of the fingerprints: they have ended. */
  void drop(Collection<String> fingerprints);

  /** Those whose time has come, the longest first, at most {@code limit}. */
  List<Kept> due(Instant now, int limit);

  /** Forgets one, unless it was kept anew meanwhile. */
  void done(Kept kept);
}
