package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Catalog.Playbook;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Plans, with each signal that begins to fire, the repairs that the playbooks provide for it. */
public final class RepairListener implements IncidentListener {
  private final Repairs repairs;
  private final Supplier<List<Playbook>> playbooks;
  private final Runnable kick;
  private final InstantSource clock;

  /**
   * A listener.
   *
   * @param kick has the plans carried out once the transaction is committed
   */
  public RepairListener(
      Repairs repairs, Supplier<List<Playbook>> playbooks, Runnable kick, InstantSource clock) {
    this.repairs = repairs;
    this.playbooks = playbooks;
    this.kick = kick;
    this.clock = clock;
  }

  @Override
  public void changed(IncidentChange change) {
    var signal = change.fired();
    if (signal == null) {
      return;
    }
    for (var playbook : playbooks.get()) {
      if (playbook.triggers().contains(signal.kind())
          && playbook.services().contains(signal.service())) {
        repairs.plan(
            new Repairs.Plan(
                change.after().id(),
                playbook.name(),
                playbook.action(),
                signal.service(),
                signal.fingerprint(),
                signal.rule() + ": " + signal.summary()),
            clock.instant());
        kick.run();
      }
    }
  }
}
