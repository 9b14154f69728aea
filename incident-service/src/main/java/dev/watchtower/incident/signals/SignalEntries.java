package dev.watchtower.incident.signals;

import dev.watchtower.common.catalog.IncidentRules.Flap;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.correlation.CorrelationPolicy.Join;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Signals as timeline entries. */
final class SignalEntries {
  private SignalEntries() {}

  /** Why a signal joined an incident of another service. */
  static Draft joined(Join join, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("correlated", true);
    data.put("caller", join.caller());
    data.put("callee", join.callee());
    data.put("apartMillis", join.apart().toMillis());
    if (join.takesOver()) {
      data.put("service", join.callee());
      data.put("previousService", join.caller());
    }
    var what =
        join.takesOver()
            ? "joined, and from now on about %s: ".formatted(join.callee())
            : "joined: ";
    return new Draft(
        now, TimelineKind.ANNOTATION, Actor.policy("correlation"), what + join.why(), data);
  }

  /** That the rules found an incident worse than it was. */
  static Draft raised(Severity before, Severity after, Signal signal, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("severity", after.name());
    data.put("previousSeverity", before.name());
    data.put("fingerprint", signal.fingerprint());
    return new Draft(
        now,
        TimelineKind.ANNOTATION,
        Actor.policy("severity"),
        "Severity %s → %s by %s".formatted(before, after, signal.rule()),
        data);
  }

  /** That a signal fires on though its incident was resolved. */
  static Draft firesOn(Signal signal, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("fingerprint", signal.fingerprint());
    data.put("firesSince", signal.at().toString());
    return new Draft(
        now,
        TimelineKind.ANNOTATION,
        Actor.policy("fires-on"),
        "%s fires on since %s, though its incident was resolved"
            .formatted(signal.rule(), signal.at().truncatedTo(ChronoUnit.SECONDS)),
        data);
  }

  /** That a signal flaps from now on. */
  static Draft flapping(Signal signal, Flap flap, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("flapping", true);
    data.put("fingerprint", signal.fingerprint());
    data.put("changes", flap.changes());
    data.put("withinSeconds", flap.within().toSeconds());
    data.put("calmSeconds", flap.calm().toSeconds());
    var what =
        "%s flaps: %d changes within %s. What it does is not told one by one any more, and the incident stays open, until it has kept still for %s"
            .formatted(signal.rule(), flap.changes(), words(flap.within()), words(flap.calm()));
    return new Draft(now, TimelineKind.ANNOTATION, Actor.policy("flap"), what, data);
  }

  /** That nothing fires any more in an incident that a person declared. */
  static Draft leftToAPerson(Instant now) {
    return new Draft(
        now,
        TimelineKind.ANNOTATION,
        Actor.policy("recover"),
        "all signals cleared; declared by hand, so a person ends it",
        Map.of("declared", true, "firing", false));
  }

  /** That signals have kept still for long enough. */
  static Draft calm(List<IncidentSignal> signals, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("flapping", false);
    data.put("fingerprints", signals.stream().map(IncidentSignal::fingerprint).toList());
    data.put("signals", signals.stream().map(SignalEntries::cameTo).toList());
    var what =
        signals.stream()
            .map(s -> s.rule() + (s.status() == SignalStatus.FIRING ? " (fires)" : " (cleared)"))
            .collect(Collectors.joining(", ", "Calm again: ", ""));
    return new Draft(now, TimelineKind.ANNOTATION, Actor.policy("flap"), what, data);
  }

  /** What a signal has come to while nothing of it was told, with the status of such an entry. */
  private static Map<String, String> cameTo(IncidentSignal signal) {
    var cleared = signal.status() == SignalStatus.FIRING ? null : signal.clearedAt();
    return Map.of(
        "fingerprint", signal.fingerprint(),
        "status", cleared == null ? "FIRED" : "CLEARED",
        "since", (cleared == null ? signal.firedAt() : cleared).toString());
  }

  private static String words(Duration duration) {
    return duration.toSeconds() % 60 == 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }

  /**
   * That a signal fired.
   *
   * @param sender subject of the token that it came with
   * @param claimed the sender's time where it is not the signal's
   */
  static Draft fired(Signal signal, String sender, @Nullable Instant claimed, Instant now) {
    var data = dataOf(signal, sender, claimed, now);
    if (SignalPolicy.toldElsewhere(signal, now)) {
      data.put("toldElsewhere", true);
    }
    return new Draft(
        signal.at(),
        TimelineKind.SIGNAL_FIRED,
        senderOf(signal),
        Signal.named(signal.rule(), signal.summary()),
        data);
  }

  /** That a signal cleared; the parameters are those of {@link #fired}. */
  static Draft cleared(Signal signal, String sender, @Nullable Instant claimed, Instant now) {
    return new Draft(
        signal.at(),
        TimelineKind.SIGNAL_CLEARED,
        senderOf(signal),
        signal.rule() + " cleared",
        dataOf(signal, sender, claimed, now));
  }

  /** The signal as part of an incident. */
  static IncidentSignal firing(Signal signal) {
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

  /** The same once {@code signal} has ended it. */
  static IncidentSignal cleared(IncidentSignal known, Signal signal) {
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

  private static Actor senderOf(Signal signal) {
    if (ForeignSignals.isForeign(signal)) {
      return ForeignSignals.actorOf(signal);
    }
    return Actor.service(
        switch (signal.kind()) {
          case SERVICE_DOWN -> "monitor";
          // Of a time when the fingerprint did not tell who sent it.
          case EXTERNAL -> "alertmanager";
          default -> "ingest";
        });
  }

  private static LinkedHashMap<String, Object> dataOf(
      Signal signal, String sender, @Nullable Instant claimed, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("signalId", signal.id().toString());
    data.put("fingerprint", signal.fingerprint());
    data.put("signalKind", signal.kind().name());
    // One that was kept here and is raised again has nobody who sends it now.
    if (ForeignSignals.isForeign(signal) && !sender.equals(SignalDesk.ITSELF)) {
      data.put("sender", sender);
    }
    data.put("rule", signal.rule());
    data.put("service", signal.service());
    data.put("severity", signal.severity().name());
    data.put("receivedAt", now.toString());
    putIfPresent(data, "claimedAt", claimed == null ? null : claimed.toString());
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
