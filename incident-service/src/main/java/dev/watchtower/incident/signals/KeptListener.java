package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Keeps the signals that fire when people resolve their incident and of which only changes are
 * sent: nobody would say again that they do. Not what is dismissed, which people know to fire and
 * say that it is no incident, nor what fires in another incident from then on.
 */
public final class KeptListener implements IncidentListener {
  private final KeptSignals kept;
  private final Predicate<UUID> merged;
  private final InstantSource clock;

  /**
   * A listener.
   *
   * @param merged whether an incident was merged into another one
   */
  public KeptListener(KeptSignals kept, Predicate<UUID> merged, InstantSource clock) {
    this.kept = kept;
    this.merged = merged;
    this.clock = clock;
  }

  @Override
  public void changed(IncidentChange change) {
    var before = change.before();
    var after = change.after();
    boolean resolved =
        before != null && before.state() == IncidentState.MITIGATED && after.isResolved();
    if (resolved && after.isFiring() && !merged.test(after.id())) {
      var due = clock.instant().plus(AgainPolicy.GRACE);
      after.signals().stream()
          .filter(s -> s.status() == SignalStatus.FIRING && s.kind() != SignalKind.EXTERNAL)
          .forEach(s -> kept.keep(signalOf(s, after), due));
    }
  }

  /** The id of the signal that one of the fingerprint fires on after {@code incident}. */
  static UUID idOf(UUID incident, String fingerprint) {
    var key = "fires on|" + incident + "|" + fingerprint;
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }

  // Nobody has told of it elsewhere this time.
  private static Signal signalOf(IncidentSignal signal, Incident incident) {
    return new Signal(
        idOf(incident.id(), signal.fingerprint()),
        signal.fingerprint(),
        signal.kind(),
        SignalStatus.FIRING,
        signal.rule(),
        signal.service(),
        incident.subject().env(),
        signal.severity(),
        signal.summary(),
        signal.firedAt(),
        signal.evidence(),
        null);
  }
}
