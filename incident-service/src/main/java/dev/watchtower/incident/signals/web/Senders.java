package dev.watchtower.incident.signals.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.incident.signals.ForeignSignals;

/**
 * What of a signal is believed, by who sends it. Monitor says what is down and by when people must
 * be told, ingest what it detected. Whatever anybody else sends is a signal from outside, with a
 * fingerprint and an id of its sender's own: it opens and ends what is its sender's, and nothing
 * that the services or other senders have sent.
 */
final class Senders {
  private static final String MONITOR = "service:monitor";
  private static final String INGEST = "service:ingest";

  private Senders() {}

  /**
   * The signal as it is taken from {@code subject}.
   *
   * @param subject of the token that it came with
   * @param signal a checked one
   * @throws Problem 400 if it says what only monitor may say
   */
  static Signal believed(String subject, Signal signal) {
    boolean down = signal.kind() == SignalKind.SERVICE_DOWN;
    if (down && subject.equals(MONITOR)) {
      return signal;
    }
    if (down) {
      throw Problem.badField("kind", "only monitor-service may send SERVICE_DOWN; send EXTERNAL");
    }
    if (signal.deliverBy() != null) {
      throw Problem.badField("deliverBy", "only monitor-service may send it; leave it out");
    }
    return subject.equals(INGEST) && signal.kind() != SignalKind.EXTERNAL
        ? signal
        : ForeignSignals.of(subject, signal);
  }
}
