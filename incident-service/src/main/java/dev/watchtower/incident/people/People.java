package dev.watchtower.incident.people;

import dev.watchtower.common.wire.IncidentView.Responder;
import dev.watchtower.common.wire.IncidentView.Task;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The responders and tasks of incidents. In the caller's transaction; thread-safe. */
public interface People {
  /** The responders, who came first first. */
  List<Responder> responders(UUID incident);

  /** Adds a responder, or gives one another role. */
  void put(UUID incident, Responder responder);

  /** Takes a responder off. */
  void remove(UUID incident, String name);

  /** The tasks, in the order of making. */
  List<Task> tasks(UUID incident);

  /** One task of the incident. */
  Optional<Task> task(UUID incident, UUID task);

  /** Adds a task, or stores one as it is now. */
  void put(UUID incident, Task task);
}
