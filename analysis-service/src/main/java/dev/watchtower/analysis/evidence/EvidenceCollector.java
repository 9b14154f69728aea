package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.CallTimes;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.DeviationDetector;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.SignalType;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Silent for this long while others still send: the service is gone. */
  private static final Duration SILENT = Duration.ofSeconds(15);

  /** The golden signal that is a rate wherever it comes from. */
  private static final String RATE = "traffic";

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final long MOST_POINTS = 1_200;

  private final Telemetry telemetry;
  private final Incidents incidents;

  public EvidenceCollector(Telemetry telemetry, Incidents incidents) {
    this.telemetry = telemetry;
    this.incidents = incidents;
  }

  /**
   * What can be found out at {@code now} within {@code limit}. Blocks for at most about that long.
   *
   * @param changedAt when the incident last changed so that its cause was asked for; null for never
   */
  public Facts collect(
      IncidentView incident,
      @Nullable Instant changedAt,
      Catalog catalog,
      Instant now,
      Duration limit) {
    var graph = graph(catalog);
    var services = neighbourhood(incident.service(), graph);
    var began = IncidentWindow.began(incident, changedAt, catalog.analysis());
    var asked = IncidentWindow.of(incident, began, changedAt, catalog.analysis(), now);
    var missing = new ArrayList<String>();
    if (catalog.service(incident.service()).isEmpty()) {
      missing.add(
          "The catalog does not know " + incident.service() + ", so its dependencies are unknown.");
    }
    try (var gathering = new Gathering(limit)) {
      var step = step(asked);
      var env = incident.env();
      Map<String, Gathering.Pending<List<Series>>> golden = new LinkedHashMap<>();
      Map<String, Gathering.Pending<List<Series>>> further = new LinkedHashMap<>();
      Map<String, Gathering.Pending<Telemetry.Calls>> calls = new LinkedHashMap<>();
      for (var service : services) {
        golden.put(
            service,
            gathering.ask(
                "golden signals of " + service,
                () -> telemetry.goldenSignals(service, env, asked.quietFrom(), asked.to(), step)));
        further.put(
            service,
            gathering.ask(
                "further series of " + service,
                () -> telemetry.furtherSeries(service, env, asked.quietFrom(), asked.to(), step)));
        calls.put(
            service,
            gathering.ask(
                "call times of " + service,
                () -> telemetry.calls(service, env, asked.quietFrom(), asked.to(), step)));
      }
      var changes =
          gathering.ask(
              "change events",
              () ->
                  telemetry.changes(
                      env, asked.quietTo().minus(CHANGES_BEFORE), asked.to().plus(STEP)));
      var around = gathering.ask("incidents of other services", () -> incidents.active(env));
      var unusual = gathering.ask("anomalies", () -> telemetry.anomalies(env));

      var others = around.orElse(Incidents.Active.NONE, missing);
      if (!others.isAll()) {
        missing.add("Not looked at: some incidents of other services (too many to read in time).");
      }
      var signals =
          signals(incident, others.incidents(), Set.copyOf(services)).stream()
              .filter(s -> !followed(s, asked, now))
              .limit(MOST_SIGNALS)
              .toList();
      Map<String, List<Series>> series = new LinkedHashMap<>();
      golden.forEach((service, pending) -> series.put(service, pending.orElse(List.of(), missing)));
      var window = IncidentWindow.shortened(asked, began, series.values());
      var measurements = new Measurements(window);
      Map<String, Instant> lastSeen = new LinkedHashMap<>();
      series.forEach((service, all) -> {
        measurements.add(all);
        lastSeen(all).ifPresent(at -> lastSeen.put(service, at));
      });
      further.forEach((service, pending) -> measurements.add(pending.orElse(List.of(), missing)));
      Map<String, Telemetry.Calls> times = new LinkedHashMap<>();
      calls.forEach(
          (service, pending) -> times.put(service, pending.orElse(Telemetry.Calls.NONE, missing)));
      measurements.add(CallTimes.network(Connections.edges(times, graph)));
      var measured = new ArrayList<>(measurements.all());
      measured.addAll(
          Anomalies.added(
              unusual.orElse(List.of(), missing), Set.copyOf(services), window, measurements));
      var deviations =
          new ArrayList<>(measured.stream().filter(DeviationDetector::isClear).toList());
      var silent = silent(services, lastSeen, missing);
      addGone(services, signals, silent, deviations);
      addBreaches(incident, began, signals, catalog, measurements, deviations);
      deviations.sort(Comparator.comparingDouble(Deviation::weight).reversed());
      List<ChangeEvent> seen =
          Changes.visible(changes.orElse(List.of(), missing), Set.copyOf(services));
      return new Facts(
          incident,
          window,
          services,
          part(graph, services),
          deviations.stream().limit(MOST_DEVIATIONS).toList(),
          measurements.mostTellingPast(),
          measured.stream().filter(d -> !DeviationDetector.isClear(d)).toList(),
          signals,
          seen,
          missing);
    }
  }

  /**
   * When the service was heard last. A query goes on telling the last value of a gauge for minutes
   * after its sender died; a rate ends with its window.
   */
  private static Optional<Instant> lastSeen(List<Series> series) {
    var telling =
        series.stream().anyMatch(s -> s.metric().equals(RATE))
            ? series.stream().filter(s -> s.metric().equals(RATE)).toList()
            : series;
    return telling.stream()
        .map(Series::ends)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
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
              .filter(s -> tellsOfDeath(s.provenKind()))
              .map(IncidentSignal::firedAt)
              .min(Comparator.naturalOrder());
      var since = Optional.ofNullable(silent.get(service)).or(() -> down);
      if (since.isPresent()) {
        var onset = down.filter(d -> d.isBefore(since.get())).orElse(since.get());
        deviations.add(Deviation.gone(service, onset));
      }
    }
  }

  private static boolean tellsOfDeath(SignalKind kind) {
    return kind == SignalKind.SERVICE_DOWN || kind == SignalKind.NO_DATA;
  }

  /**
   * What a rule saw over its limit is known even where nothing was measured that it could be
   * compared with (a service just started, a series just born), or too little of the trouble yet.
   */
  private static void addBreaches(
      IncidentView incident,
      Instant began,
      List<IncidentSignal> signals,
      Catalog catalog,
      Measurements measured,
      List<Deviation> deviations) {
    for (var signal : signals) {
      var evidence = signal.evidence();
      boolean counts =
          signal.status() == SignalStatus.FIRING
              || (incident.signals().contains(signal) && !isBefore(signal, began));
      if (!counts || evidence == null || evidence.value() == null || evidence.threshold() == null) {
        continue;
      }
      if (signal.kind() == SignalKind.ANOMALY || signal.kind() == SignalKind.NO_DATA) {
        // A score, or seconds of silence: what is unusual is measured here anew, in its own unit.
        continue;
      }
      var metric = metric(signal, catalog);
      var type = SignalType.of(metric);
      boolean shown =
          deviations.stream()
                  .anyMatch(
                      d -> d.service().equals(signal.service()) && (d.isGone() || d.type() == type))
              || measured.past().stream().anyMatch(e -> isOf(e, signal, type));
      if (!shown) {
        deviations.add(
            Deviation.breach(
                signal.service(),
                metric,
                type,
                evidence.value(),
                evidence.threshold(),
                measured.usual(signal.service(), metric),
                signal.firedAt()));
      }
    }
  }

  /** Before a relapse, something else may have been broken. */
  private static boolean isBefore(IncidentSignal signal, Instant began) {
    return signal.clearedAt() != null && signal.clearedAt().isBefore(began);
  }

  /** A rule may fire for a while after what it fired for is over. */
  private static boolean isOf(Episode past, IncidentSignal signal, SignalType type) {
    return past.deviation().service().equals(signal.service())
        && past.deviation().type() == type
        && signal.firedAt().isBefore(past.ended());
  }

  /** The golden signal that the rule watches, or else the rule's name. */
  private static String metric(IncidentSignal signal, Catalog catalog) {
    return catalog.rules().stream()
        .filter(r -> r.name().equals(signal.rule()))
        .map(Catalog.Rule::signal)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> Wording.line(signal.rule(), 80));
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
        .toList();
  }

  /**
   * Whether it fired after the time looked at: then it is no cause. In an incident looked at while
   * it is young nothing has, whatever the clocks say.
   */
  private static boolean followed(IncidentSignal signal, Window asked, Instant now) {
    return now.isAfter(asked.to()) && signal.firedAt().isAfter(asked.to());
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
}
