package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction did to an incident.
 *
 * @param before the incident before it; null if it was opened
 * @param entries what was appended to the timeline
 * @param cause why it was made
 */
public record IncidentChange(
    @Nullable Incident before, Incident after, List<TimelineEntry> entries, Cause cause) {
  public IncidentChange {
    entries = List.copyOf(entries);
  }

  /** The signals that began to fire in it. */
  public List<Signal> fired() {
    return cause.fired();
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
