package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentView.Responder;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.StatusUpdate;
import java.util.List;

/**
 * What people bring into an incident and take out of it: who works on it, what is to be done, and
 * what the public was told.
 *
 * @param told the newest published updates, the oldest first
 */
public record Room(List<Responder> responders, List<Task> tasks, List<StatusUpdate> told) {
  /** Nobody, nothing. */
  public static final Room EMPTY = new Room(List.of(), List.of(), List.of());

  public Room {
    responders = List.copyOf(responders);
    tasks = List.copyOf(tasks);
    told = List.copyOf(told);
  }
}
