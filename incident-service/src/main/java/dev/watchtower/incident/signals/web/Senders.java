package dev.watchtower.incident.signals.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.incident.signals.ForeignSignals;

/**
 * What of a signal is believed, by who sends it. Monitor says what is down and by when people must
 * be told, ingest what it detected. Whatever anybody else sends has a fingerprint and an id of its
 * sender's own: it opens and ends what is its sender's, and nothing that the services or other
 * senders have sent; and no playbook takes it for what a service of ours says.
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
   * @throws Problem 400 if it has a limit, which only monitor may set
   */
  static Signal believed(String subject, Signal signal) {
    if (subject.equals(MONITOR) && signal.kind() == SignalKind.SERVICE_DOWN) {
      return signal;
    }
    if (signal.deliverBy() != null) {
      throw Problem.badField("deliverBy", "only monitor-service may send it; leave it out");
    }
    boolean detected =
        signal.kind() != SignalKind.SERVICE_DOWN && signal.kind() != SignalKind.EXTERNAL;
    return subject.equals(INGEST) && detected ? signal : ForeignSignals.of(subject, signal);
  }
}
