package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes signals: each in one transaction with everything that follows from it. Thread-safe. */
public final class SignalDesk {
  private static final int MAX_TITLE = 200;

  /** What became of a signal. */
  public sealed interface Taken {
    /**
     * Taken for the first time.
     *
     * @param incident the incident that it touched, if any
     */
    record Stored(Effect effect, @Nullable UUID incident) implements Taken {}

    /** Taken before; nothing was done. */
    record Repeated() implements Taken {}
  }

  private final IncidentBook book;
  private final Lifecycle lifecycle;
  private final Transactions transactions;
  private final SignalLog log;
  private final Supplier<Duration> recurrenceWindow;

  /**
   * A desk.
   *
   * @param recurrenceWindow how long after its end an incident can recur
   */
  public SignalDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Transactions transactions,
      SignalLog log,
      Supplier<Duration> recurrenceWindow) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.transactions = transactions;
    this.log = log;
    this.recurrenceWindow = recurrenceWindow;
  }

  /** Takes a signal. Taking the same one again does nothing. */
  public Taken take(Signal signal, Instant now) {
    return transactions.retrying(() -> takeOnce(signal, now));
  }

  private Taken takeOnce(Signal signal, Instant now) {
    var open = book.incidents().lockOpen(signal.service(), signal.env());
    if (log.contains(signal.id())) {
      return new Taken.Repeated();
    }
    var effect = SignalPolicy.decide(signal, log.latest(signal.fingerprint()), open);
    var touched = apply(signal, effect, open, now);
    var incident = touched.map(Incident::id).orElse(null);
    log.add(signal, now, effect, incident);
    return new Taken.Stored(effect, incident);
  }

  private Optional<Incident> apply(
      Signal signal, Effect effect, Optional<Incident> open, Instant now) {
    return switch (effect) {
      case Effect.Opens o -> Optional.of(open(signal, now));
      case Effect.Joins joins -> open.map(i -> join(i, signal, joins, now));
      case Effect.Clears clears -> open.map(i -> clear(i, signal, clears, now));
      case Effect.Ignored i -> Optional.empty();
    };
  }

  private Incident open(Signal signal, Instant now) {
    var earlier =
        book.incidents()
            .lastResolved(
                signal.service(),
                signal.env(),
                signal.fingerprint(),
                now.minus(recurrenceWindow.get()));
    var subject =
        new Subject(titleOf(signal), signal.service(), signal.env(), earlier.orElse(null));
    return book.open(
        subject,
        signal.severity(),
        now,
        causeOf(signal, now),
        (empty, drafts) -> {
          drafts.add(fired(signal, now));
          return empty.with(firing(signal));
        });
  }

  private Incident join(Incident before, Signal signal, Effect.Joins joins, Instant now) {
    var after = before.with(firing(signal));
    var drafts = new ArrayList<>(List.of(fired(signal, now)));
    if (joins.regresses()) {
      after =
          move(
              after,
              Command.byPolicy(
                  IncidentEvent.REGRESS, "regress", signal.rule() + " fires again", now),
              drafts);
    }
    return book.save(before, lifecycle.timed(after, now), drafts, causeOf(signal, now));
  }

  private Incident clear(Incident before, Signal signal, Effect.Clears clears, Instant now) {
    var known = before.signal(signal.fingerprint()).orElseThrow();
    var after = before.with(cleared(known, signal));
    var drafts = new ArrayList<>(List.of(clearedEntry(signal, now)));
    if (clears.recovers()) {
      after =
          move(
              after,
              Command.byPolicy(IncidentEvent.RECOVER, "recover", "all signals cleared", now),
              drafts);
    }
    return book.save(before, lifecycle.timed(after, now), drafts, Cause.NONE);
  }

  private Incident move(Incident incident, Command command, List<Draft> drafts) {
    return switch (lifecycle.decide(incident, command)) {
      case Decision.Moved moved -> {
        drafts.add(IncidentBook.stateChanged(moved, command));
        yield moved.after();
      }
      case Decision.Refused refused ->
          throw new IllegalStateException(
              command.event() + " must be allowed in " + refused.incident().state());
    };
  }

  private static Cause causeOf(Signal signal, Instant now) {
    return Cause.of(signal, SignalPolicy.toldElsewhere(signal, now));
  }

  private static String titleOf(Signal signal) {
    var summary = signal.summary().isBlank() ? signal.rule() : signal.summary().strip();
    var title = summary.contains(signal.service()) ? summary : signal.service() + ": " + summary;
    return title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE - 1) + "…" : title;
  }

  private static IncidentSignal firing(Signal signal) {
    return new IncidentSignal(
        signal.fingerprint(),
        signal.kind(),
        SignalStatus.FIRING,
        signal.rule(),
        signal.service(),
        signal.severity(),
        signal.summary(),
        signal.at(),
        null,
        signal.evidence());
  }

  private static IncidentSignal cleared(IncidentSignal known, Signal signal) {
    return new IncidentSignal(
        known.fingerprint(),
        known.kind(),
        SignalStatus.CLEARED,
        known.rule(),
        known.service(),
        known.severity(),
        known.summary(),
        known.firedAt(),
        signal.at().isBefore(known.firedAt()) ? known.firedAt() : signal.at(),
        known.evidence());
  }

  private static Draft fired(Signal signal, Instant now) {
    var data = dataOf(signal, now);
    if (SignalPolicy.toldElsewhere(signal, now)) {
      data.put("toldElsewhere", true);
    }
    return new Draft(
        signal.at(),
        TimelineKind.SIGNAL_FIRED,
        senderOf(signal),
        signal.rule() + ": " + signal.summary(),
        data);
  }

  private static Draft clearedEntry(Signal signal, Instant now) {
    return new Draft(
        signal.at(),
        TimelineKind.SIGNAL_CLEARED,
        senderOf(signal),
        signal.rule() + " cleared",
        dataOf(signal, now));
  }

  private static Actor senderOf(Signal signal) {
    return Actor.service(
        switch (signal.kind()) {
          case SERVICE_DOWN -> "monitor";
          case EXTERNAL -> "alertmanager";
          default -> "ingest";
        });
  }

  private static LinkedHashMap<String, Object> dataOf(Signal signal, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("signalId", signal.id().toString());
    data.put("fingerprint", signal.fingerprint());
    data.put("signalKind", signal.kind().name());
    data.put("rule", signal.rule());
    data.put("service", signal.service());
    data.put("severity", signal.severity().name());
    data.put("receivedAt", now.toString());
    var evidence = signal.evidence();
    if (evidence != null) {
      data.put("expression", evidence.expression());
      putIfPresent(data, "value", evidence.value());
      putIfPresent(data, "threshold", evidence.threshold());
      putIfPresent(data, "from", evidence.from());
      putIfPresent(data, "to", evidence.to());
      data.put("labels", evidence.labels());
    }
    return data;
  }

  private static void putIfPresent(
      LinkedHashMap<String, Object> data, String name, @Nullable Object value) {
    if (value != null) {
      data.put(name, value);
    }
  }
}
