package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Decides whether an alert that is reported with the start it had before fires anew. A sender such
 * as Alertmanager reports an alert as long as it fires, and gives it its old start when it goes on
 * after an end that was none, for example after a restart of what evaluates the rule. Pure.
 */
final class AgainPolicy {
  /** For how long after an end a report can be a late one of what has ended. */
  static final Duration GRACE = Duration.ofMinutes(2);

  private AgainPolicy() {}

  /**
   * The signal that a report stands for; empty if it is what it was before.
   *
   * @param last the latest one of its fingerprint that was taken before
   * @param ended when its last incident was resolved; empty if one lasts or there was none. Only
   *     asked if the latest one fires
   */
  static Optional<Signal> of(
      Signal report, Optional<Seen> last, Supplier<Optional<Instant>> ended, Instant now) {
    if (report.status() != SignalStatus.FIRING
        || last.isEmpty()
        || report.at().isAfter(last.get().at())) {
      return Optional.empty();
    }
    var seen = last.get();
    return seen.status() == SignalStatus.CLEARED
        ? after(report, seen.at(), seen.receivedAt(), now)
        : ended.get().flatMap(resolved -> after(report, resolved, resolved, now));
  }

  private static Optional<Signal> after(Signal report, Instant end, Instant known, Instant now) {
    return now.isAfter(known.plus(GRACE))
        ? Optional.of(
            SignalPolicy.anew(report, idOf(report, end), now.truncatedTo(ChronoUnit.MICROS)))
        : Optional.empty();
  }

  // Once after each end, however often it is reported.
  private static UUID idOf(Signal report, Instant end) {
    var key = report.id() + "|again|" + end;
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }
}
