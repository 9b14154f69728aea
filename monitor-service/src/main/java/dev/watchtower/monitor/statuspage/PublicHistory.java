package dev.watchtower.monitor.statuspage;

import java.time.Instant;
import java.util.List;

/** Where what the public was told outlives the process. */
public interface PublicHistory {
  /**
   * The incidents that are not resolved, and after them those created since {@code from}, of which
   * was told last first; at most {@code limit}.
   */
  List<PublicIncident> since(Instant from, int limit);

  /** Keeps one with its updates. */
  void save(PublicIncident incident);

  /** Forgets what was created before {@code before} and is resolved. */
  void forget(Instant before);
}
