package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.TimelineEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction did to an incident.
 *
 * @param before the incident before it; null if it was opened
 * @param entries what was appended to the timeline
 * @param fired the signal that began to fire in it, if one did
 * @param toldElsewhere whether the sender of {@code fired} has told people itself
 */
public record IncidentChange(
    @Nullable Incident before,
    Incident after,
    List<TimelineEntry> entries,
    @Nullable Signal fired,
    boolean toldElsewhere) {
  public IncidentChange {
    entries = List.copyOf(entries);
  }

  /** Whether the incident was opened. */
  public boolean opened() {
    return before == null;
  }

  /** Whether its state moved (or it was opened). */
  public boolean moved() {
    return before == null || before.state() != after.state();
  }
}
