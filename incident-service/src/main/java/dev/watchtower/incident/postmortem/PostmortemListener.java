package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.time.InstantSource;

/** Asks for a draft when an incident resolves, and again when an analysis comes in after that. */
public final class PostmortemListener implements IncidentListener {
  private final Postmortems postmortems;
  private final Runnable kick;
  private final InstantSource clock;

  /**
   * A listener.
   *
   * @param kick has the drafts made once the transaction is committed
   */
  public PostmortemListener(Postmortems postmortems, Runnable kick, InstantSource clock) {
    this.postmortems = postmortems;
    this.kick = kick;
    this.clock = clock;
  }

  @Override
  public void changed(IncidentChange change) {
    boolean late = change.entries().stream().anyMatch(e -> e.kind() == TimelineKind.ANALYSIS);
    if (change.after().isResolved() && (change.moved() || late)) {
      postmortems.wish(change.after().id(), clock.instant());
      kick.run();
    }
  }
}
