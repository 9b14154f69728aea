package dev.watchtower.monitor.lastknown;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalsBatch;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Where the last known state outlives the process. */
public interface LastKnownStore {
  /** The incidents. */
  List<IncidentView> incidents();

  /** Keeps one. */
  void save(IncidentView incident, Instant asOf);

  /** Forgets some. */
  void forget(Collection<UUID> incidents);

  /** The golden signals. */
  List<SignalsBatch> signals();

  /** Keeps them; what is not among them is forgotten. */
  void saveSignals(Collection<SignalsBatch> signals, Instant asOf);

  /** The answer of {@code GET /api/v1/slo}, as JSON text. */
  Optional<String> slo();

  /** Keeps it. */
  void saveSlo(String json, Instant asOf);

  /** The maintenance windows. */
  List<MaintenanceWindow> maintenance();

  /** Keeps them; what is not among them is forgotten. */
  void saveMaintenance(Collection<MaintenanceWindow> windows, Instant asOf);

  /** When each source was last heard. */
  Map<String, Instant> heard();

  /** Keeps when a source was last heard. */
  void saveHeard(String source, Instant at);
}
