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
  /** For how long after a person has resolved an incident a report can be of what ends with it. */
  static final Duration GRACE = Duration.ofMinutes(2);

  /** On the way, and until a full queue has room. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private AgainPolicy() {}

  /** What a report of an alert is. */
  sealed interface Verdict {
    /** What it was before. */
    record Known() implements Verdict {}

    /** That it fires anew: the signal that says so. */
    record Anew(Signal signal) implements Verdict {}

    /** A late one, or that it fires anew: it is if no end has come until then. */
    record Open(Instant until) implements Verdict {}
  }

  private static final Verdict KNOWN = new Verdict.Known();

  /**
   * For how long after its sender has told an end a report can be a late one, and how long such a
   * one can wait for its own end. Of several replicas each tells its groups at times of its own,
   * one {@code interval} apart: one that has told a start late tells the end then.
   */
  static Duration late(Duration interval) {
    return interval.plus(SLACK);
  }

  /**
   * What a report is.
   *
   * @param last the latest one of its fingerprint that was taken before
   * @param ended when its last incident was resolved; empty if one lasts or there was none. Only
   *     asked if the latest one fires
   * @param late how long a report can be a late one
   */
  static Verdict of(
      Signal report,
      Optional<Seen> last,
      Supplier<Optional<Instant>> ended,
      Duration late,
      Instant now) {
    if (report.status() != SignalStatus.FIRING
        || last.isEmpty()
        || report.at().isAfter(last.get().at())) {
      return KNOWN;
    }
    var seen = last.get();
    return seen.status() == SignalStatus.CLEARED
        ? after(report, seen.at(), now, isPast(seen.receivedAt(), late, now), now.plus(late))
        : ended
            .get()
            .map(resolved ->
                after(report, resolved, now, isPast(resolved, GRACE, now), resolved.plus(GRACE)))
            .orElse(KNOWN);
  }

  // Of a clock that was put back since nobody knows how long ago it was: that is long enough, else
  // it would take as long as the clock was ahead.
  private static boolean isPast(Instant end, Duration wait, Instant now) {
    return now.isAfter(end.plus(wait)) || SignalPolicy.isAhead(end, now);
  }

  // It fires anew if that is past, else if no end has come until `until`.
  private static Verdict after(
      Signal report, Instant end, Instant now, boolean past, Instant until) {
    return past
        ? new Verdict.Anew(
            SignalPolicy.anew(report, idOf(report, end), now.truncatedTo(ChronoUnit.MICROS)))
        : new Verdict.Open(until);
  }

  /**
   * What says that a signal fires on, of which nobody says so again because its sender tells of
   * changes only; empty if it does not. It counts as sent right after what is known of it, so that
   * an end that is still on its way ends it.
   *
   * @param kept as it was when its incident was resolved
   * @param last the latest one of its fingerprint that was taken before
   * @param elsewhere whether another incident has it, or had it since
   */
  static Optional<Signal> firesOn(Signal kept, Optional<Seen> last, boolean elsewhere) {
    if (elsewhere || last.filter(seen -> seen.status() == SignalStatus.CLEARED).isPresent()) {
      return Optional.empty();
    }
    var known = last.map(Seen::at).filter(at -> at.isAfter(kept.at())).orElse(kept.at());
    return Optional.of(SignalPolicy.anew(kept, kept.id(), known.plus(1, ChronoUnit.MICROS)));
  }

  // Once after each end, however often it is reported.
  private static UUID idOf(Signal report, Instant end) {
    var key = report.id() + "|again|" + end;
    return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }
}
