package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.DeviationDetector;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at everything around an incident, all sources at once, within a time limit. A source that
 * does not answer is named among what is missing; it never fails the collection.
 */
public final class EvidenceCollector {
  /** More services than this are not looked at; the nearest are. */
  private static final int MOST_SERVICES = 30;

  private static final int MOST_DEVIATIONS = 60;
  private static final int MOST_SIGNALS = 20;

  /** How long before the trouble a change may have been made and still be named. */
  private static final Duration CHANGES_BEFORE = Duration.ofMinutes(30);

  /** A signal that fired longer before the opening is another story. */
  private static final Duration SIGNALS_BEFORE = Duration.ofMinutes(10);

  /** Silent for this long while others still send: the service is gone. */
  private static final Duration SILENT = Duration.ofSeconds(15);

  /** The golden signal that is a rate wherever it comes from. */
  private static final String RATE = "traffic";

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final long MOST_POINTS = 1_200;

  private final Telemetry telemetry;
  private final Incidents incidents;
  private final DeviationDetector detector = new DeviationDetector();

  public EvidenceCollector(Telemetry telemetry, Incidents incidents) {
    this.telemetry = telemetry;
    this.incidents = incidents;
  }

  /**
   * What can be found out at {@code now} within {@code limit}. Blocks for at most about that long.
   */
  public Facts collect(IncidentView incident, Catalog catalog, Instant now, Duration limit) {
    var graph = graph(catalog);
    var services = neighbourhood(incident.service(), graph);
    var window = window(incident, catalog.analysis(), now);
    var missing = new ArrayList<String>();
    if (catalog.service(incident.service()).isEmpty()) {
      missing.add(
          "The catalog does not know " + incident.service() + ", so its dependencies are unknown.");
    }
    try (var gathering = new Gathering(limit)) {
      var step = step(window);
      var env = incident.env();
      Map<String, Gathering.Pending<List<Series>>> golden = new LinkedHashMap<>();
      Map<String, Gathering.Pending<List<Series>>> further = new LinkedHashMap<>();
      for (var service : services) {
        golden.put(
            service,
            gathering.ask(
                "golden signals of " + service,
                () ->
                    telemetry.goldenSignals(service, env, window.quietFrom(), window.to(), step)));
        further.put(
            service,
            gathering.ask(
                "further series of " + service,
                () ->
                    telemetry.furtherSeries(service, env, window.quietFrom(), window.to(), step)));
      }
      var changes =
          gathering.ask(
              "change events",
              () ->
                  telemetry.changes(
                      env, window.suspectFrom().minus(CHANGES_BEFORE), now.plus(STEP)));
      var around = gathering.ask("incidents of other services", () -> incidents.active(env));

      var signals = signals(incident, around.orElse(List.of(), missing), Set.copyOf(services));
      var measured = new ArrayList<Deviation>();
      Map<String, Instant> lastSeen = new LinkedHashMap<>();
      golden.forEach((service, pending) ->
          add(service, pending.orElse(List.of(), missing), window, measured, lastSeen));
      further.forEach((service, pending) ->
          pending
              .orElse(List.of(), missing)
              .forEach(s -> detector.measure(s, window).ifPresent(measured::add)));
      var deviations =
          new ArrayList<>(measured.stream().filter(DeviationDetector::isClear).toList());
      var silent = silent(services, lastSeen, missing);
      addGone(services, signals, silent, deviations);
      deviations.sort(Comparator.comparingDouble(Deviation::weight).reversed());
      List<ChangeEvent> seen =
          Changes.visible(changes.orElse(List.of(), missing), Set.copyOf(services));
      return new Facts(
          incident,
          window,
          services,
          part(graph, services),
          deviations.stream().limit(MOST_DEVIATIONS).toList(),
          measured.stream().filter(d -> !DeviationDetector.isClear(d)).toList(),
          signals,
          seen,
          missing);
    }
  }

  private void add(
      String service,
      List<Series> series,
      Window window,
      List<Deviation> measured,
      Map<String, Instant> lastSeen) {
    for (var one : series) {
      detector.measure(one, window).ifPresent(measured::add);
    }
    // A query goes on telling the last value of a gauge for minutes after its sender died; a rate
    // ends with its window.
    var telling =
        series.stream().anyMatch(s -> s.metric().equals(RATE))
            ? series.stream().filter(s -> s.metric().equals(RATE)).toList()
            : series;
    for (var one : telling) {
      last(one).ifPresent(at -> lastSeen.merge(service, at, (a, b) -> a.isAfter(b) ? a : b));
    }
  }

  /** Services that fell silent while others still send, with the time of their last value. */
  private static Map<String, Instant> silent(
      List<String> services, Map<String, Instant> lastSeen, List<String> missing) {
    Map<String, Instant> silent = new LinkedHashMap<>();
    var freshest = lastSeen.values().stream().max(Comparator.naturalOrder()).orElse(Instant.MIN);
    for (var service : services) {
      var seen = lastSeen.get(service);
      if (seen == null) {
        var sentence = "No telemetry of " + service + " in the time looked at.";
        if (missing.stream().noneMatch(m -> m.contains("golden signals of " + service + " "))) {
          missing.add(sentence);
        }
      } else if (seen.plus(SILENT).isBefore(freshest)) {
        silent.put(service, seen);
      }
    }
    return silent;
  }

  private static void addGone(
      List<String> services,
      List<IncidentSignal> signals,
      Map<String, Instant> silent,
      List<Deviation> deviations) {
    for (var service : services) {
      Optional<Instant> down =
          signals.stream()
              .filter(s -> s.service().equals(service) && s.status() == SignalStatus.FIRING)
              .filter(s -> s.kind() == SignalKind.SERVICE_DOWN || s.kind() == SignalKind.NO_DATA)
              .map(IncidentSignal::firedAt)
              .min(Comparator.naturalOrder());
      var since = Optional.ofNullable(silent.get(service)).or(() -> down);
      if (since.isPresent()) {
        var onset = down.filter(d -> d.isBefore(since.get())).orElse(since.get());
        deviations.add(Deviation.gone(service, onset));
      }
    }
  }

  private static List<IncidentSignal> signals(
      IncidentView incident, List<IncidentView> around, Set<String> services) {
    var all = new LinkedHashMap<String, IncidentSignal>();
    incident.signals().forEach(s -> all.put(s.fingerprint(), s));
    for (var other : around) {
      if (other.env().equals(incident.env())) {
        other.signals().stream()
            .filter(s -> s.status() == SignalStatus.FIRING && services.contains(s.service()))
            .forEach(s -> all.putIfAbsent(s.fingerprint(), s));
      }
    }
    return all.values().stream()
        .sorted(
            Comparator.comparing((IncidentSignal s) -> s.status() == SignalStatus.FIRING ? 0 : 1)
                .thenComparing(IncidentSignal::firedAt))
        .limit(MOST_SIGNALS)
        .toList();
  }

  /**
   * The window of an incident: in trouble perhaps since the catalog's {@code analysis.window}
   * before the earliest signal, quiet for {@code analysis.baseline} before that.
   */
  static Window window(IncidentView incident, Catalog.Analysis settings, Instant now) {
    var earliest =
        incident.signals().stream()
            .map(IncidentSignal::firedAt)
            .filter(at -> at.isAfter(incident.openedAt().minus(SIGNALS_BEFORE)))
            .min(Comparator.naturalOrder())
            .filter(at -> at.isBefore(incident.openedAt()))
            .orElse(incident.openedAt());
    var suspectFrom = earliest.minus(settings.window());
    var end = now.isBefore(incident.openedAt()) ? incident.openedAt() : now;
    // An incident looked at long after: what followed is not what caused it.
    var latest = incident.openedAt().plus(settings.baseline());
    return new Window(
        suspectFrom.minus(settings.baseline()), suspectFrom, end.isAfter(latest) ? latest : end);
  }

  private static Duration step(Window window) {
    long seconds = Duration.between(window.quietFrom(), window.to()).toSeconds();
    return Duration.ofSeconds(Math.max(STEP.toSeconds(), Math.ceilDiv(seconds, MOST_POINTS)));
  }

  private static CallGraph graph(Catalog catalog) {
    var edges = new ArrayList<CallGraph.Edge>();
    for (var service : catalog.services()) {
      service.dependencies().forEach(d -> edges.add(new CallGraph.Edge(service.name(), d)));
    }
    return new CallGraph(edges);
  }

  private static List<String> neighbourhood(String service, CallGraph graph) {
    var all = new LinkedHashSet<String>();
    all.add(service);
    all.addAll(graph.below(service));
    all.addAll(graph.above(service));
    return all.stream().limit(MOST_SERVICES).toList();
  }

  private static CallGraph part(CallGraph graph, List<String> services) {
    return new CallGraph(
        graph.edges().stream()
            .filter(e -> services.contains(e.caller()) && services.contains(e.callee()))
            .toList(),
        Set.copyOf(services));
  }

  private static Optional<Instant> last(Series series) {
    for (int i = series.values().length - 1; i >= 0; i--) {
      if (Double.isFinite(series.values()[i])) {
        return Optional.of(Instant.ofEpochMilli(series.millis()[i]));
      }
    }
    return Optional.empty();
  }
}
