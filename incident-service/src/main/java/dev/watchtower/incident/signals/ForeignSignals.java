package dev.watchtower.incident.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import java.util.UUID;

/** Signals of senders that are no detection and no probe of ours. Pure. */
public final class ForeignSignals {
  /** Between a sender and its own fingerprint; no name of a sender has it. */
  private static final char BETWEEN = '/';

  private static final String ALERTMANAGER = "am:";

  private ForeignSignals() {}

  /**
   * The signal of {@code subject}, in a space of fingerprints and ids that is the subject's. It
   * keeps the kind that it says, but for what is down: that is shown to the public, and only a
   * probe of ours knows it.
   */
  public static Signal of(String subject, Signal signal) {
    return new Signal(
        UUID.nameUUIDFromBytes((subject + BETWEEN + signal.id()).getBytes(UTF_8)),
        subject + BETWEEN + signal.fingerprint(),
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

  /** The fingerprint of an alert that Alertmanager calls {@code fingerprint}. */
  public static String ofAlertmanager(String fingerprint) {
    return ALERTMANAGER + fingerprint;
  }

  /** Whether neither ingest nor monitor has sent it; their fingerprints are hexadecimal. */
  static boolean isForeign(Signal signal) {
    return isForeign(signal.fingerprint());
  }

  private static boolean isForeign(String fingerprint) {
    return fingerprint.startsWith(ALERTMANAGER) || fingerprint.indexOf(BETWEEN) >= 0;
  }

  /**
   * The kind by which something may be done: whatever a sender calls it, what is no detection and
   * no probe of ours is a word from outside.
   */
  public static SignalKind provenKind(IncidentSignal signal) {
    return isForeign(signal.fingerprint()) ? SignalKind.EXTERNAL : signal.kind();
  }

  /** Who says so, for the timeline: the token's subject, or Alertmanager. */
  static Actor actorOf(Signal foreign) {
    var fingerprint = foreign.fingerprint();
    return fingerprint.startsWith(ALERTMANAGER)
        ? Actor.service("alertmanager")
        : Caller.actorOf(fingerprint.substring(0, fingerprint.indexOf(BETWEEN)));
  }
}
