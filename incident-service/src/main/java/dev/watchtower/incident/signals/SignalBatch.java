package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.correlation.CorrelationPolicy.Join;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.lifecycle.Command;
import dev.watchtower.incident.lifecycle.Decision;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.signals.FlapPolicy.Verdict;
import dev.watchtower.incident.signals.PendingChanges.Part;
import dev.watchtower.incident.signals.PendingChanges.Told;
import dev.watchtower.incident.signals.SignalDesk.Arrival;
import dev.watchtower.incident.signals.SignalDesk.Taken;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signals of one scope and environment on their way into the incidents, one after the other, within
 * one transaction. For one thread; for one use.
 */
public final class SignalBatch {
  /** What a batch works with. */
  public record Tools(
      IncidentBook book,
      Lifecycle lifecycle,
      SignalLog log,
      Correlation correlation,
      Merger merger,
      KeptSignals kept) {}

  private record Found(Incident incident, @Nullable Join join) {}

  private final Tools tools;
  private final Catalog catalog;
  private final List<Arrival> arrivals;
  private final SignalHistory history;
  private final Reports reports;
  private final PendingChanges changes;
  private final Map<UUID, Instant> claimed = new HashMap<>();

  /** What is to be said of a signal besides that it fired. */
  private final Map<UUID, Draft> notes = new HashMap<>();

  /** The worst severity with which callers of an incident's service were looked for. */
  private final Map<UUID, Severity> looked = new HashMap<>();

  /** Who sent the one that is being taken. */
  private String sender = SignalDesk.ITSELF;

  private boolean relatedLoaded;

  /**
   * A batch; the scope must be locked.
   *
   * @param arrivals of one environment, at least one
   */
  SignalBatch(Tools tools, Catalog catalog, List<Arrival> arrivals) {
    this.tools = tools;
    this.catalog = catalog;
    for (var arrival : arrivals) {
      if (arrival.claimed() != null) {
        claimed.put(arrival.signal().id(), arrival.claimed());
      }
    }
    var sent = arrivals.stream().map(Arrival::signal).toList();
    changes = new PendingChanges(tools.book(), sent.getFirst().env());
    changes.load(
        sent.stream().map(Signal::service).collect(Collectors.toSet()),
        sent.stream().flatMap(ForeignSignals::fingerprints).collect(Collectors.toSet()));
    this.arrivals = arrivals.stream().map(a -> a.asKnown(changes::holding)).toList();
    var signals = this.arrivals.stream().map(Arrival::signal).toList();
    history = new SignalHistory(tools.log(), signals);
    reports = new Reports(tools, history, claimed, catalog.incidents().alertmanagerGroupInterval());
  }

  /** Takes all of them; what became of each, in their order. */
  List<Taken> take() {
    var taken = new ArrayList<Taken>();
    for (var arrival : arrivals) {
      sender = arrival.sender();
      taken.add(
          switch (arrival.way()) {
            case CHANGE -> take(arrival.signal(), arrival.at());
            case REPORT ->
                take(reports.signalOf(arrival, () -> endOf(arrival.signal())), arrival.at());
            case KEPT -> takeKept(arrival);
          });
    }
    changes.write();
    history.write();
    reports.write();
    return taken;
  }

  private Taken takeKept(Arrival arrival) {
    var signal = arrival.signal();
    var fingerprint = signal.fingerprint();
    // Another incident has it, or had it since: what people did with that one is the last word.
    boolean elsewhere =
        changes.holding(fingerprint).isPresent()
            || tools
                .book()
                .incidents()
                .lastResolved(signal.env(), fingerprint, Instant.EPOCH)
                .filter(id -> KeptListener.idOf(id, fingerprint).equals(signal.id()))
                .isEmpty();
    var firesOn = AgainPolicy.firesOn(signal, history.latest(fingerprint), elsewhere);
    if (firesOn.isEmpty()) {
      return new Taken.Repeated(null);
    }
    notes.put(signal.id(), SignalEntries.firesOn(signal, arrival.at()));
    claimed.put(signal.id(), signal.at());
    // It is raised now, whatever time it counts as sent at.
    var raised =
        SignalPolicy.anew(signal, signal.id(), arrival.at().truncatedTo(ChronoUnit.MICROS));
    return take(firesOn.get(), raised, arrival.at());
  }

  private List<Draft> fired(Signal signal, Instant now) {
    var fired = SignalEntries.fired(signal, sender, claimed.get(signal.id()), now);
    return Optional.ofNullable(notes.get(signal.id()))
        .map(note -> List.of(fired, note))
        .orElse(List.of(fired));
  }

  // What people dismissed they know to fire: it is quiet until it clears. What was merged into
  // another incident has its signals there.
  private Optional<Instant> endOf(Signal report) {
    return changes.holding(report.fingerprint()).isPresent()
        ? Optional.empty()
        : tools
            .book()
            .incidents()
            .lastResolved(report.env(), report.fingerprint(), Instant.EPOCH)
            .flatMap(tools.book().incidents()::find)
            .filter(incident -> incident.marks().mitigated() != null)
            .map(incident -> incident.marks().resolved());
  }

  private Taken take(Signal signal, Instant now) {
    return take(signal, signal, now);
  }

  /** Takes a signal; {@code shown} is the same as the incident shows it. */
  private Taken take(Signal signal, Signal shown, Instant now) {
    if (!history.isNew(signal.id())) {
      var before = history.incidentOf(signal.id()).or(() -> holderOf(signal));
      return new Taken.Repeated(before.orElse(null));
    }
    var last = history.latest(signal.fingerprint());
    var ordered = SignalPolicy.inOrder(signal, last, now);
    var found = find(shown);
    var effect = SignalPolicy.decide(ordered, last, found.map(Found::incident));
    var incident = apply(shown, effect, found, now).map(Incident::id);
    history.add(ordered, sender, now, effect, incident.orElse(null));
    return new Taken.Stored(
        effect,
        incident.or(() -> holderOf(signal)).orElse(null),
        SignalPolicy.toldElsewhere(signal, now));
  }

  private Optional<UUID> holderOf(Signal signal) {
    return changes.holding(signal.fingerprint()).map(Incident::id);
  }

  // Where it is already; else with its service; else with a service that it calls or is called by.
  // What fires anew after another service's incident was over is trouble of its own.
  private Optional<Found> find(Signal signal) {
    var own =
        changes
            .holding(signal.fingerprint())
            .filter(holder -> signal.status() == SignalStatus.CLEARED || takesBack(holder, signal))
            .or(() -> changes.about(signal.service()));
    if (own.isPresent() || signal.status() == SignalStatus.CLEARED) {
      return own.map(i -> new Found(i, null));
    }
    loadRelated();
    return tools
        .correlation()
        .joinOf(signal, changes.unresolved())
        .map(join -> new Found(join.incident(), join));
  }

  private void loadRelated() {
    if (!relatedLoaded) {
      relatedLoaded = true;
      var related =
          arrivals.stream()
              .map(arrival -> arrival.signal().service())
              .distinct()
              .flatMap(service -> tools.correlation().relatedTo(service).stream())
              .collect(Collectors.toSet());
      if (!related.isEmpty()) {
        changes.load(related, List.of());
      }
    }
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
      case Effect.Clears clears -> found.map(f -> clear(f.incident().id(), signal, clears, now));
      case Effect.Ignored i -> Optional.empty();
    };
  }

  private Incident open(Signal signal, Instant now) {
    var since = now.minus(catalog.incidents().recurrenceWindow());
    var earlier = tools.book().incidents().lastResolved(signal.env(), signal.fingerprint(), since);
    var subject =
        new Subject(titleOf(signal), signal.service(), signal.env(), earlier.orElse(null));
    var opened = changes.open(subject, signal.severity(), now);
    // What fires on after its incident was resolved was detected then.
    var empty = notes.containsKey(signal.id()) ? opened : opened.beganAt(signal.at());
    var drafts = fired(signal, now);
    return changes.add(
        signal, new Part(empty.with(SignalEntries.firing(signal)), drafts, toldOf(signal, now)));
  }

  private Incident join(Found found, Signal signal, Effect.Joins joins, Instant now) {
    var before = changes.ready(found.incident().id(), signal, joins.regresses());
    var verdict = verdictOn(before, signal);
    var firing = SignalEntries.firing(signal);
    var titled = verdict == Verdict.GOES_ON ? before : before.titledBy(firing);
    var after = flapped(titled.with(firing), signal, verdict, now);
    boolean worse = after.severity() != before.severity();
    boolean told = verdict != Verdict.GOES_ON || worse || joins.regresses();
    var drafts = new ArrayList<Draft>();
    if (told) {
      drafts.addAll(fired(signal, now));
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
        after = absorbing(after, signal, drafts, now);
      }
    } else if (told && isNewsOf(before, signal)) {
      loadRelated();
      after = absorbing(after, signal, drafts, now);
    }
    if (joins.regresses()) {
      boolean known = before.signal(signal.fingerprint()).isPresent();
      var why = signal.rule() + (known ? " fires again" : " fires");
      after = move(after, Command.byPolicy(IncidentEvent.REGRESS, "regress", why, now), drafts);
    }
    return changes.add(
        signal,
        new Part(
            tools.lifecycle().timed(after, now), drafts, told ? toldOf(signal, now) : Told.NO));
  }

  // Callers whose incidents stand apart are looked for once for each severity: in a storm not with
  // every signal.
  private boolean isNewsOf(Incident incident, Signal signal) {
    if (!incident.subject().service().equals(signal.service())) {
      return false;
    }
    var known = looked.get(incident.id());
    if (known != null && known.compareTo(signal.severity()) <= 0) {
      return false;
    }
    looked.put(incident.id(), signal.severity());
    return true;
  }

  private Incident absorbing(Incident taken, Signal signal, List<Draft> drafts, Instant now) {
    var after = taken;
    for (var join : tools.correlation().explainedBy(signal, taken, changes.unresolved())) {
      if (tools.merger().isKeptApart(join.incident(), taken)) {
        continue;
      }
      var source = changes.written(join.incident().id());
      var merged =
          tools.merger().merge(source, after, join.why(), Actor.policy("correlation"), now);
      if (merged.isPresent()) {
        changes.stored(merged.get().ended());
        after = merged.get().target();
        drafts.addAll(merged.get().entries());
      }
    }
    return after;
  }

  private Incident clear(UUID incident, Signal signal, Effect.Clears clears, Instant now) {
    var before = changes.ready(incident, signal, clears.recovers());
    var known = before.signal(signal.fingerprint()).orElseThrow();
    var verdict = verdictOn(before, signal);
    var after = flapped(before.with(SignalEntries.cleared(known, signal)), signal, verdict, now);
    if (verdict == Verdict.STEADY) {
      after = after.titledWithout(known);
    }
    var drafts = new ArrayList<Draft>();
    if (verdict != Verdict.GOES_ON) {
      drafts.add(SignalEntries.cleared(signal, sender, claimed.get(signal.id()), now));
    }
    if (verdict == Verdict.BEGINS) {
      drafts.add(SignalEntries.flapping(signal, flap(), now));
    }
    if (clears.recovers() && !after.isFlapping()) {
      var why = "all signals cleared";
      after = move(after, Command.byPolicy(IncidentEvent.RECOVER, "recover", why, now), drafts);
    }
    if (SignalPolicy.isLeftToAPerson(after)) {
      drafts.add(SignalEntries.leftToAPerson(now));
    }
    return changes.add(signal, new Part(tools.lifecycle().timed(after, now), drafts, Told.NO));
  }

  private Flap flap() {
    return catalog.incidents().flap();
  }

  private Verdict verdictOn(Incident incident, Signal signal) {
    var flap = flap();
    var known = incident.signal(signal.fingerprint());
    boolean counts = flap.changes() > 0 && known.filter(IncidentSignal::flapping).isEmpty();
    int earlier =
        counts
            ? history.changes(
                signal.fingerprint(), incident.id(), signal.at(), flap.within(), flap.changes())
            : 0;
    return FlapPolicy.of(known, earlier, flap);
  }

  private Incident flapped(Incident after, Signal signal, Verdict verdict, Instant now) {
    if (verdict == Verdict.STEADY) {
      return after;
    }
    var flapping = after.signal(signal.fingerprint()).orElseThrow().flapping(true);
    return after.with(flapping).flappingUntil(now.plus(flap().calm()));
  }

  private Incident move(Incident incident, Command command, List<Draft> drafts) {
    return switch (tools.lifecycle().decide(incident, command)) {
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

  private static Told toldOf(Signal signal, Instant now) {
    return SignalPolicy.toldElsewhere(signal, now) ? Told.ELSEWHERE : Told.YES;
  }
}
