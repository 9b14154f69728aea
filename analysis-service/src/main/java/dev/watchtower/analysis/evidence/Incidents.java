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
   * What goes on in an environment.
   *
   * @param incidents the newest first, at most a thousand; of their signals those that fire
   * @param isAll false if there may be more: the source became slow, or stopped answering
   */
  record Active(List<IncidentView> incidents, boolean isAll) {
    static final Active NONE = new Active(List.of(), true);

    public Active {
      incidents = List.copyOf(incidents);
    }
  }

  /**
   * The incidents of the environment that are not mitigated yet.
   *
   * @throws SourceException if the source does not answer at all
   */
  Active active(String env);
}
