package dev.watchtower.ingest.detection.change;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges deployments. The same stored samples give the same verdict.
 *
 * @param golden reads the golden signals
 */
public record Judge(GoldenSignals golden) {
  /** How it is judged where no rule says. */
  public static final Catalog.Rule.Deployment USUAL =
      new Catalog.Rule.Deployment(
          Duration.ofMinutes(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30));

  /** Events that say that a service was deployed. */
  public static final ChangeEvents.Kind DEPLOYMENTS =
      new ChangeEvents.Kind(
          Set.of("com.github.deployment_status.success"),
          Set.of("deployed", "upgraded", "rolledback"));

  private static final long LEAST_STEP = 10_000;
  private static final int POINTS = 180;

  /**
   * The window after a deployment that it takes to compare anything: the first point is one window
   * of the rates after its beginning.
   *
   * @param windowMillis the window of the service's rates
   */
  static long leastWindow(long windowMillis) {
    return windowMillis + (Comparison.LEAST_POINTS - 1) * LEAST_STEP;
  }

  /** Whether the event says that a service was deployed. */
  public static boolean isDeployment(ChangeEvent event) {
    return DEPLOYMENTS.matches(event.type());
  }

  /**
   * The verdict on a deployment.
   *
   * @param key what was deployed; null where that is not known
   * @param windowMillis the window of the service's rates
   * @param from beginning of the window after it
   * @param to end of it, not after the newest data
   * @param complete whether the window is over
   * @throws dev.watchtower.ingest.query.QueryException if the signals cannot be computed
   */
  public DeploymentVerdict verdict(
      ChangeEvent event,
      @Nullable ServiceKey key,
      long windowMillis,
      Catalog.Rule.Deployment options,
      double minTraffic,
      long from,
      long to,
      boolean complete) {
    long time = event.time().toEpochMilli();
    long begin = time - options.baseline().toMillis();
    List<SignalVerdict> signals =
        key == null || to <= from
            ? List.of()
            : Comparison.compare(
                points(key, windowMillis, begin, time),
                // A rate looks back: its first point is one window after the beginning.
                points(key, windowMillis, Math.min(to, from + windowMillis), to),
                minTraffic);
    Verdict verdict = signals.isEmpty() ? Verdict.UNKNOWN : Comparison.overall(signals);
    return new DeploymentVerdict(
        event.id(),
        event.source(),
        event.type(),
        event.summary(),
        key == null ? event.service() : key.service(),
        key == null ? event.env() : key.env(),
        event.time(),
        verdict,
        complete,
        window(begin, time),
        window(from, Math.max(from, to)),
        signals,
        why(verdict, signals, key, to <= from));
  }

  private List<GoldenSignals.Point> points(ServiceKey key, long window, long from, long to) {
    return golden.history(key, window, from, to, Math.max(LEAST_STEP, (to - from) / POINTS));
  }

  private static DeploymentVerdict.Window window(long from, long to) {
    return new DeploymentVerdict.Window(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to));
  }

  private static String why(
      Verdict verdict, List<SignalVerdict> signals, @Nullable ServiceKey key, boolean early) {
    if (key == null) {
      return "The event does not say which service was deployed where";
    }
    if (early) {
      return "Too early: there is no data after the deployment yet";
    }
    if (verdict == Verdict.UNKNOWN) {
      return "There is too little data to compare";
    }
    if (verdict == Verdict.SAME) {
      return "No golden signal has changed noticeably";
    }
    return signals.stream()
        .filter(s -> s.verdict() == verdict)
        .map(s -> s.signal() + ": " + s.why())
        .collect(Collectors.joining("; "));
  }

  /**
   * What a rule sees of a deployment.
   *
   * @param over whether it is no longer watched: then it is fine
   * @param at event time, milliseconds since the epoch
   */
  public static Finding finding(
      Catalog.Rule rule, DeploymentVerdict verdict, ServiceKey key, boolean over, long at) {
    SignalVerdict worst = worst(verdict.signals());
    Observation seen =
        over
            ? Observation.FINE
            : switch (verdict.verdict()) {
              case WORSE -> Observation.BREACH;
              case UNKNOWN -> Observation.UNKNOWN;
              case BETTER, SAME -> Observation.FINE;
            };
    String lead = rule.summary() == null ? rule.name() : rule.summary();
    String text =
        over
            ? "Over: " + lead + ": " + verdict.summary() + " is no longer watched"
            : seen == Observation.BREACH
                ? lead + ": " + key + " is worse since " + verdict.summary() + ": " + verdict.why()
                : "Over: " + lead + ": " + key + " is as before " + verdict.summary();
    SignalEvidence evidence =
        new SignalEvidence(
            worst == null
                ? "golden signals before and after the deployment"
                : worst.signal() + " after the deployment, against that before",
            worst == null ? null : (Double) worst.after().median(),
            worst == null ? null : (Double) worst.before().median(),
            verdict.before().from(),
            verdict.after().to(),
            numbers(verdict));
    return new Finding(
        key,
        Labels.of("event", verdict.id(), "source", verdict.source()),
        seen,
        rule.severity(),
        SignalBounds.cut(text, SignalBounds.SUMMARY),
        evidence,
        at);
  }

  /** The first that is worse; where none is, the one that moved by the largest share. */
  private static @Nullable SignalVerdict worst(List<SignalVerdict> signals) {
    return signals.stream()
        .filter(s -> s.verdict() == Verdict.WORSE)
        .findFirst()
        .or(() ->
            signals.stream()
                .filter(s -> s.verdict() != Verdict.UNKNOWN)
                .max(Comparator.comparingDouble(Judge::share)))
        .orElse(null);
  }

  private static double share(SignalVerdict signal) {
    Double change = signal.change();
    return change != null
        ? Math.abs(change)
        : signal.after().median() == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  /** What the signal is about, and the medians of all signals that can be compared. */
  private static Map<String, String> numbers(DeploymentVerdict verdict) {
    Map<String, String> numbers = new TreeMap<>();
    numbers.put("event", verdict.id());
    numbers.put("source", verdict.source());
    for (SignalVerdict signal : verdict.signals()) {
      if (signal.verdict() != Verdict.UNKNOWN) {
        numbers.put(signal.signal() + "_before", number(signal.before()));
        numbers.put(signal.signal() + "_after", number(signal.after()));
      }
    }
    return numbers;
  }

  private static String number(Spread of) {
    return String.format(Locale.ROOT, "%.4g", of.median());
  }
}
