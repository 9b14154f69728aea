package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which time is looked at for an incident. Pure. */
final class IncidentWindow {
  /** A signal that fired longer before the opening is another story. */
  private static final Duration SIGNALS_BEFORE = Duration.ofMinutes(10);

  /** With less quiet time than this, what there is is divided anew. */
  private static final Duration LEAST_BASELINE = Duration.ofSeconds(60);

  /** Services that recover go up and down: a break of a rule no longer than this is none. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** A time looked at that is longer has steps too long for trouble that has just begun. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private IncidentWindow() {}

  /**
   * The window of an incident: in trouble perhaps since the catalog's {@code analysis.window}
   * before it began, quiet for {@code analysis.baseline} before that. After a relapse it is the
   * relapse that is looked at, and nothing from before what came first was over. What was usual is
   * then taken from before the opening: a baseline before the relapse holds the trouble that came
   * first, which would pass for usual.
   *
   * @param began see {@link #began}
   */
  static Window of(
      IncidentView incident,
      Instant began,
      @Nullable Instant changedAt,
      Catalog.Analysis settings,
      Instant now) {
    var first = earliest(incident);
    var suspectFrom = suspectFrom(incident, began, settings);
    var shown = began.isAfter(incident.openedAt()) ? began : incident.openedAt();
    var end = now.isBefore(shown) ? shown : now;
    // An incident looked at long after: what followed is not what caused it.
    var latest = latest(incident, began, settings);
    if (changedAt != null && changedAt.isAfter(shown) && !changedAt.isAfter(latest)) {
      latest = changedAt.plus(settings.baseline());
    }
    var to = end.isAfter(latest) ? latest : end;
    var quietTo = first.minus(settings.window());
    if (Duration.between(quietTo.minus(settings.baseline()), to).compareTo(LONGEST) > 0) {
      quietTo = began.minus(settings.window());
    }
    return new Window(
        quietTo.minus(settings.baseline()),
        quietTo,
        suspectFrom,
        isWhenItBegan(incident, began) ? began : suspectFrom,
        to);
  }

  private static Instant suspectFrom(
      IncidentView incident, Instant began, Catalog.Analysis settings) {
    var from = began.minus(settings.window());
    var signals = incident.signals();
    return signals.stream()
        .filter(s -> isOver(s, signals, began))
        .map(IncidentSignal::clearedAt)
        .flatMap(Stream::ofNullable)
        .map(over -> over.plus(SETTLING))
        .filter(over -> over.isAfter(from) && over.isAfter(incident.openedAt()))
        .max(Comparator.naturalOrder())
        .map(over -> over.isAfter(began) ? began : over)
        .orElse(from);
  }

  /**
   * When what goes on now began: with the first signal, or after a relapse with the first that
   * fired anew. A signal tells of its last time only, so whether nothing fired in between is
   * gathered from all of them. Where the incident changed, so that its cause was asked for anew,
   * later than is looked at for that, what goes on is what fired since.
   *
   * @param changedAt when it did so last; null for never
   */
  static Instant began(
      IncidentView incident, @Nullable Instant changedAt, Catalog.Analysis settings) {
    var began = began(incident);
    for (var next = Optional.of(began); next.isPresent(); ) {
      began = next.get();
      next = begunAnew(incident, latest(incident, began, settings), changedAt, settings);
    }
    return began;
  }

  private static Optional<Instant> begunAnew(
      IncidentView incident,
      Instant latest,
      @Nullable Instant changedAt,
      Catalog.Analysis settings) {
    if (changedAt == null || !changedAt.isAfter(latest)) {
      return Optional.empty();
    }
    // Not 'until the change': the clocks of two hosts may differ.
    var until = changedAt.plus(settings.baseline());
    return incident.signals().stream()
        .map(IncidentSignal::firedAt)
        .filter(fired -> fired.isAfter(latest) && !fired.isAfter(until))
        .min(Comparator.naturalOrder());
  }

  /** The end of what is looked at for trouble that began then. */
  private static Instant latest(IncidentView incident, Instant began, Catalog.Analysis settings) {
    return (began.isAfter(incident.openedAt()) ? began : incident.openedAt())
        .plus(settings.baseline());
  }

  private static Instant began(IncidentView incident) {
    var signals = incident.signals();
    var began =
        signals.stream()
            .filter(s -> s.status() == SignalStatus.FIRING)
            .map(IncidentSignal::firedAt)
            .min(Comparator.naturalOrder())
            .or(() -> lastOver(signals))
            .map(at -> goesBackTo(at, signals))
            .filter(at -> at.isAfter(incident.openedAt()));
    return began.orElseGet(() -> earliest(incident));
  }

  /** When what was over last had begun: looked at later it is the same trouble. */
  private static Optional<Instant> lastOver(List<IncidentSignal> signals) {
    return signals.stream()
        .max(Comparator.comparing(s -> s.clearedAt() == null ? s.firedAt() : s.clearedAt()))
        .map(IncidentSignal::firedAt);
  }

  /** When trouble of that time began, with what else went on until it did. */
  private static Instant goesBackTo(Instant at, List<IncidentSignal> signals) {
    var began = at;
    for (var before = Optional.of(began); before.isPresent(); ) {
      began = before.get();
      before = joined(signals, began);
    }
    return began;
  }

  /** When something else began that went on until then. */
  private static Optional<Instant> joined(List<IncidentSignal> signals, Instant at) {
    return signals.stream()
        .filter(s -> s.clearedAt() != null && !isOver(s, signals, at))
        .map(IncidentSignal::firedAt)
        .filter(fired -> fired.isBefore(at))
        .min(Comparator.naturalOrder());
  }

  /** Whether it was over when others began, with a break where one of them is of the same rule. */
  private static boolean isOver(IncidentSignal signal, List<IncidentSignal> signals, Instant at) {
    boolean same =
        signals.stream().anyMatch(s -> s.firedAt().equals(at) && s.rule().equals(signal.rule()));
    return same
        ? isOver(signal, at)
        : signal.clearedAt() != null && signal.clearedAt().isBefore(at);
  }

  private static boolean isOver(IncidentSignal signal, Instant at) {
    return signal.clearedAt() != null && signal.clearedAt().plus(SETTLING).isBefore(at);
  }

  /**
   * The window with a later split where telemetry began so lately that hardly any of it would count
   * as quiet: of what there is before it began, the first two thirds are then taken for usual.
   * Better a short memory than none.
   */
  static Window shortened(Window asked, Instant began, Collection<List<Series>> golden) {
    var first =
        golden.stream()
            .flatMap(List::stream)
            .map(Series::begins)
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder());
    if (first.isEmpty() || !first.get().isAfter(asked.quietTo().minus(LEAST_BASELINE))) {
      return asked;
    }
    var known = Duration.between(first.get(), began);
    var split = first.get().plus(known.multipliedBy(2).dividedBy(3));
    if (!known.isPositive()) {
      return asked;
    }
    if (split.isBefore(asked.suspectFrom())) {
      split = asked.suspectFrom();
    }
    // Where nothing counts as over, the trouble may have begun with the first suspect moment.
    var opened = asked.opened().isBefore(split) ? split : asked.opened();
    return new Window(asked.quietFrom(), split, opened, asked.to());
  }

  /**
   * Our rules tell when a limit was crossed. Another system tells when it had waited long enough,
   * and a person when there was time for it: by then what broke may have been over for a while.
   */
  private static boolean isWhenItBegan(IncidentView incident, Instant began) {
    return incident.signals().stream()
        .anyMatch(s -> s.provenKind() != SignalKind.EXTERNAL && s.firedAt().equals(began));
  }

  /**
   * When the trouble of the opening began. Another incident that was merged into this one may bring
   * signals along that were over by then: they are another story, unless there is no other.
   */
  private static Instant earliest(IncidentView incident) {
    var opened = incident.openedAt();
    var near =
        incident.signals().stream()
            .filter(s -> s.firedAt().isAfter(opened.minus(SIGNALS_BEFORE)))
            .toList();
    var lasting = near.stream().filter(s -> !isOver(s, opened)).toList();
    return (lasting.isEmpty() ? near : lasting)
        .stream()
            .map(IncidentSignal::firedAt)
            .min(Comparator.naturalOrder())
            .map(at -> goesBackTo(at, near))
            .filter(at -> at.isBefore(opened))
            .orElse(opened);
  }
}
