package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.correlation.CorrelationPolicy.Join;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.signals.FlapPolicy.Verdict;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes signals: each in one transaction with everything that follows from it. Thread-safe. */
public final class SignalDesk {
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
  private final Correlation correlation;
  private final Supplier<Catalog> catalog;

  private record Found(Incident incident, @Nullable Join join) {}

  /**
   * A desk.
   *
   * @param catalog asked anew for each signal, so that an edited one counts at once
   */
  public SignalDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Transactions transactions,
      SignalLog log,
      Correlation correlation,
      Supplier<Catalog> catalog) {
    this.book = book;
    this.lifecycle = lifecycle;
    this.transactions = transactions;
    this.log = log;
    this.correlation = correlation;
    this.catalog = catalog;
  }

  /** Takes a signal. Taking the same one again does nothing. */
  public Taken take(Signal signal, Instant now) {
    var graded = SeverityPolicy.graded(signal, catalog.get());
    return transactions.retrying(() -> takeOnce(graded, now));
  }

  private Taken takeOnce(Signal signal, Instant now) {
    book.incidents().lockScope(correlation.scopeOf(signal.service()), signal.env());
    if (log.contains(signal.id())) {
      return new Taken.Repeated();
    }
    var found = find(signal);
    var effect =
        SignalPolicy.decide(signal, log.latest(signal.fingerprint()), found.map(Found::incident));
    var touched = apply(signal, effect, found, now);
    var incident = touched.map(Incident::id).orElse(null);
    log.add(signal, now, effect, incident);
    return new Taken.Stored(effect, incident);
  }

  // Where it is already; else with its service; else with a service that it calls or is called by.
  // What fires anew after another service's incident was over is trouble of its own.
  private Optional<Found> find(Signal signal) {
    var incidents = book.incidents();
    var own =
        incidents
            .lockHolding(signal.fingerprint(), signal.env())
            .filter(holder -> signal.status() == SignalStatus.CLEARED || takesBack(holder, signal))
            .or(() -> incidents.lockOpen(signal.service(), signal.env()));
    if (own.isPresent() || signal.status() == SignalStatus.CLEARED) {
      return own.map(i -> new Found(i, null));
    }
    return correlation
        .joinOf(signal, incidents)
        .flatMap(join ->
            incidents
                .lock(join.incident().id())
                .filter(incident -> !incident.isResolved())
                .map(incident -> new Found(incident, join)));
  }

  private static boolean takesBack(Incident holder, Signal signal) {
    return !holder.isOver(signal.at())
        || holder.subject().service().equals(signal.service())
        || holder
            .signal(signal.fingerprint())
            .filter(known -> known.status() == SignalStatus.FIRING)
            .isPresent();
  }

  private Optional<Incident> apply(
      Signal signal, Effect effect, Optional<Found> found, Instant now) {
    return switch (effect) {
      case Effect.Opens o -> Optional.of(open(signal, now));
      case Effect.Joins joins -> found.map(f -> join(f, signal, joins, now));
      case Effect.Clears clears -> found.map(f -> clear(f.incident(), signal, clears, now));
      case Effect.Ignored i -> Optional.empty();
    };
  }

  private Incident open(Signal signal, Instant now) {
    var earlier =
        book.incidents()
            .lastResolved(
                signal.env(),
                signal.fingerprint(),
                now.minus(catalog.get().incidents().recurrenceWindow()));
    var subject =
        new Subject(titleOf(signal), signal.service(), signal.env(), earlier.orElse(null));
    return book.open(
        subject,
        signal.severity(),
        now,
        causeOf(signal, now),
        (empty, drafts) -> {
          drafts.add(SignalEntries.fired(signal, now));
          return empty.with(firing(signal));
        });
  }

  private Incident join(Found found, Signal signal, Effect.Joins joins, Instant now) {
    var before = found.incident();
    var verdict = verdictOn(before, signal);
    var after = flapped(before.with(firing(signal)), signal, verdict, now);
    boolean worse = after.severity() != before.severity();
    boolean told = verdict != Verdict.GOES_ON || worse || joins.regresses();
    var drafts = new ArrayList<Draft>();
    if (told) {
      drafts.add(SignalEntries.fired(signal, now));
    }
    if (verdict == Verdict.BEGINS) {
      drafts.add(SignalEntries.flapping(signal, flap(), now));
    }
    if (worse) {
      drafts.add(SignalEntries.raised(before.severity(), after.severity(), signal, now));
    }
    var join = found.join();
    if (join != null) {
      drafts.add(SignalEntries.joined(join, now));
      if (join.takesOver()) {
        after = after.about(titleOf(signal), signal.service());
      }
    }
    if (joins.regresses()) {
      after =
          move(
              after,
              Command.byPolicy(
                  IncidentEvent.REGRESS, "regress", signal.rule() + " fires again", now),
              drafts);
    }
    var cause = told ? causeOf(signal, now) : Cause.NONE;
    return book.save(before, lifecycle.timed(after, now), drafts, cause);
  }

  private Flap flap() {
    return catalog.get().incidents().flap();
  }

  private Verdict verdictOn(Incident incident, Signal signal) {
    var flap = flap();
    int earlier =
        log.changes(signal.fingerprint(), incident.id(), signal.at().minus(flap.within()));
    return FlapPolicy.of(incident.signal(signal.fingerprint()), earlier, flap);
  }

  private Incident flapped(Incident after, Signal signal, Verdict verdict, Instant now) {
    if (verdict == Verdict.STEADY) {
      return after;
    }
    var flapping = after.signal(signal.fingerprint()).orElseThrow().flapping(true);
    return after.with(flapping).flappingUntil(now.plus(flap().calm()));
  }

  private Incident clear(Incident before, Signal signal, Effect.Clears clears, Instant now) {
    var known = before.signal(signal.fingerprint()).orElseThrow();
    var verdict = verdictOn(before, signal);
    var after = flapped(before.with(cleared(known, signal)), signal, verdict, now);
    var drafts = new ArrayList<Draft>();
    if (verdict != Verdict.GOES_ON) {
      drafts.add(SignalEntries.cleared(signal, now));
    }
    if (verdict == Verdict.BEGINS) {
      drafts.add(SignalEntries.flapping(signal, flap(), now));
    }
    if (clears.recovers() && !after.isFlapping()) {
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

  private static String titleOf(Signal signal) {
    return Subject.titleOf(signal.service(), signal.rule(), signal.summary());
  }

  private static Cause causeOf(Signal signal, Instant now) {
    return Cause.of(signal, SignalPolicy.toldElsewhere(signal, now));
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
}
