package dev.watchtower.monitor.statuspage;

import java.time.Instant;
import java.util.List;

/** Where what the public was told outlives the process. */
public interface PublicHistory {
  /** The incidents created since {@code from}, the newest first, at most {@code limit}. */
  List<PublicIncident> since(Instant from, int limit);

  /** Keeps one with its updates. */
  void save(PublicIncident incident);

  /** Forgets what was created before {@code before}. */
  void forget(Instant before);
}
