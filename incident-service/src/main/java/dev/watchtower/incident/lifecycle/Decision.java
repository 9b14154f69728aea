package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import java.util.List;

/** What the lifecycle says to a command. */
public sealed interface Decision {
  /** Allowed: this is the incident after it. */
  record Moved(Incident before, Incident after) implements Decision {}

  /** Not done, and nothing has changed. */
  sealed interface Refused extends Decision {
    /** The incident as it stands. */
    Incident incident();
  }

  /** The incident is resolved: nothing about it changes any more. */
  record Resolved(Incident incident) implements Refused {}

  /** The state has moved since the sender looked. */
  record Stale(Incident incident) implements Refused {}

  /** The event does not lead anywhere from this state, or is not this sender's to send. */
  record Illegal(Incident incident, IncidentEvent event) implements Refused {
    /** What may be sent instead. */
    public List<IncidentEvent> allowed() {
      return TransitionTable.allowedFor(incident.state());
    }

    /** The state in which it was tried. */
    public IncidentState state() {
      return incident.state();
    }
  }

  /** The event needs a reason, and none was given. */
  record CommentMissing(Incident incident, IncidentEvent event) implements Refused {}
}
