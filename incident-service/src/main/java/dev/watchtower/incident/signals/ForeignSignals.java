package dev.watchtower.incident.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.Fingerprints;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.incident.lifecycle.Incident;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Signals of senders that are no detection and no probe of ours. Pure. */
public final class ForeignSignals {
  private ForeignSignals() {}

  /**
   * The signal of {@code subject}, in a space of fingerprints and ids that is the subject's; of
   * fingerprints each service and environment has its own. It keeps the kind that it says, but for
   * what is down: that is shown to the public, and only a probe of ours knows it.
   */
  public static Signal of(String subject, Signal signal) {
    return called(
        signal,
        UUID.nameUUIDFromBytes((subject + "/" + signal.id()).getBytes(UTF_8)),
        Fingerprints.of(subject, signal.env(), signal.service(), signal.fingerprint()));
  }

  private static Signal called(Signal signal, UUID id, String fingerprint) {
    return new Signal(
        id,
        fingerprint,
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

  /**
   * The signal as an incident has it that is from before fingerprints told services apart: it goes
   * on and ends there under its former one. Where none has this service's, it is as it was.
   *
   * @param holding the unresolved incident that has a fingerprint
   */
  static Signal asKnown(Signal signal, Function<String, Optional<Incident>> holding) {
    return Fingerprints.formerly(signal.fingerprint())
        .filter(former ->
            holding
                .apply(former)
                .flatMap(incident -> incident.signal(former))
                .filter(known -> known.service().equals(signal.service()))
                .isPresent())
        .map(former -> called(signal, signal.id(), former))
        .orElse(signal);
  }

  /** All under which an incident may have the signal. */
  static Stream<String> fingerprints(Signal signal) {
    return Stream.concat(
        Stream.of(signal.fingerprint()), Fingerprints.formerly(signal.fingerprint()).stream());
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
