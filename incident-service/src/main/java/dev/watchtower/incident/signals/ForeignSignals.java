package dev.watchtower.incident.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.Fingerprints;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import java.util.UUID;

/** Signals of senders that are no detection and no probe of ours. Pure. */
public final class ForeignSignals {
  private ForeignSignals() {}

  /**
   * The signal of {@code subject}, in a space of fingerprints and ids that is the subject's. It
   * keeps the kind that it says, but for what is down: that is shown to the public, and only a
   * probe of ours knows it.
   */
  public static Signal of(String subject, Signal signal) {
    return new Signal(
        UUID.nameUUIDFromBytes(Fingerprints.of(subject, signal.id().toString()).getBytes(UTF_8)),
        Fingerprints.of(subject, signal.fingerprint()),
        signal.kind() == SignalKind.SERVICE_DOWN ? SignalKind.EXTERNAL : signal.kind(),
        signal.status(),
        signal.rule(),
        signal.service(),
        signal.env(),
        signal.severity(),
        signal.summary(),
        signal.at(),
        signal.evidence(),
        null);
  }

  /** Whether neither ingest nor monitor has sent it. */
  static boolean isForeign(Signal signal) {
    return Fingerprints.isForeign(signal.fingerprint());
  }

  /** Who says so, for the timeline: the token's subject, or Alertmanager. */
  static Actor actorOf(Signal foreign) {
    return Fingerprints.sender(foreign.fingerprint())
        .map(Caller::actorOf)
        .orElseGet(() -> Actor.service("alertmanager"));
  }
}
