package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Plans the repairs that the playbooks provide: with each signal that begins to fire, and when an
 * incident with firing signals comes into a state that a playbook waits for.
 */
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
    for (var playbook : playbooks.get()) {
      var services = new HashSet<String>();
      for (var signal : signalsFor(playbook, change)) {
        if (services.add(signal.service())
            && repairs.plan(
                Repairs.Plan.of(playbook, signal, change.after().id()), clock.instant())) {
          kick.run();
        }
      }
    }
  }

  /** The signals of a change that start the playbook. Pure. */
  static List<IncidentSignal> signalsFor(Playbook playbook, IncidentChange change) {
    var after = change.after();
    if (!playbook.actsIn(after.state())) {
      return List.of();
    }
    var fired = change.fired().stream().map(Signal::fingerprint).collect(Collectors.toSet());
    var before = change.before();
    boolean enters =
        before != null && !playbook.states().isEmpty() && !playbook.actsIn(before.state());
    return after.signals().stream()
        .filter(s -> s.status() == SignalStatus.FIRING)
        .filter(s -> enters || fired.contains(s.fingerprint()))
        .filter(s -> playbook.covers(s.provenKind(), s.service(), after.subject().env()))
        .toList();
  }
}
