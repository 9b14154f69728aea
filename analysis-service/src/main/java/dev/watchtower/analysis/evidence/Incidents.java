package dev.watchtower.analysis.evidence;

import dev.watchtower.common.wire.IncidentView;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where incidents come from. Implementations are safe for several threads. */
public interface Incidents {
  /**
   * The incident as it stands; empty when there is none of that id.
   *
   * @throws SourceException if the source does not answer
   */
  Optional<IncidentView> find(UUID id);

  /**
   * The incidents of the environment that are not mitigated yet, the newest first, at most a
   * thousand.
   *
   * @throws SourceException if the source does not answer
   */
  List<IncidentView> active(String env);
}
