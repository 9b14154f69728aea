package dev.watchtower.incident.analysis;

import dev.watchtower.common.wire.AnalysisView;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The analyses that came in. In the caller's transaction; thread-safe. */
public interface Analyses {
  /** Keeps an analysis; false if it was there already. */
  boolean add(AnalysisView analysis, Instant receivedAt);

  /** The newest finished analysis of an incident. */
  Optional<AnalysisView> latest(UUID incident);
}
