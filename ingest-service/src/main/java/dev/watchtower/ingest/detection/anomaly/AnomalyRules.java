package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.anomaly.ServiceAnomalies.SignalAnomaly;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the anomaly rules see. A rule on one golden signal is breached while that one is anomalous;
 * a rule on a service as a whole only while at least {@link #AGREEING} of its signals are, or one
 * is and so many other services are unusual that it is no coincidence. After a breach that was told
 * a rule rests on that service for its cool-down. For one thread.
 */
final class AnomalyRules {
  /** Signals that must be anomalous at once before a rule on the whole service is breached. */
  static final int AGREEING = 2;

  /** The score an anomaly must have reached unless the rule says otherwise. */
  static final double USUAL_LEAST = 0.6;

  /** In the evidence: how many other services count for the breach. */
  private static final String HELP = "unusual_as_well";

  private record Subject(String rule, ServiceKey key) {}

  /**
   * Times are milliseconds since the epoch.
   *
   * @param began when the breach that lasts began, of no meaning while none does
   * @param told whether it has lasted as long as the rule wants it to: else nobody was told of it
   * @param ended when the last breach that was told ended
   * @param helped whether other services counted for the breach in an earlier life of this process
   */
  private record Memory(boolean breached, long began, boolean told, long ended, boolean helped) {
    static final Memory NONE = resting(Long.MIN_VALUE);

    static Memory firing(long since, boolean helped) {
      return new Memory(true, since, true, Long.MIN_VALUE, helped);
    }

    static Memory pending(long since) {
      return new Memory(true, since, false, Long.MIN_VALUE, false);
    }

    static Memory resting(long ended) {
      return new Memory(false, ended, false, ended, false);
    }

    Memory seen(boolean breach, long at, long holdFor) {
      if (!breach) {
        return new Memory(false, at, false, told ? at : ended, false);
      }
      long since = breached ? began : at;
      return new Memory(true, since, told || at - since >= holdFor, ended, helped);
    }
  }

  private final Map<Subject, Memory> memories = new HashMap<>();

  /** What the rule finds on the service. */
  Finding find(Catalog.Rule rule, ServiceAnomalies service) {
    double least = rule.threshold() == null ? USUAL_LEAST : rule.threshold();
    List<SignalAnomaly> all = watched(rule, service.signals());
    List<SignalAnomaly> anomalous = watched(rule, service.anomalous(least));
    Observation observation = observation(rule, service, all.size(), anomalous.size());
    String summary =
        observation == Observation.BREACH
            ? fired(rule, service, anomalous)
            : over(rule, service, anomalous);
    return new Finding(
        service.key(),
        Labels.EMPTY,
        observation,
        rule.severity(),
        cut(summary),
        observation == Observation.BREACH
            ? evidence(rule, service, anomalous, 0, least)
            : evidence(rule, service, all, needed(rule, service) - 1, least),
        service.at());
  }

  private int needed(Catalog.Rule rule, ServiceAnomalies service) {
    boolean alone = service.shared() == null && !memory(rule, service).helped();
    return rule.signal() == null && alone ? AGREEING : 1;
  }

  private Memory memory(Catalog.Rule rule, ServiceAnomalies service) {
    return memories.getOrDefault(new Subject(rule.name(), service.key()), Memory.NONE);
  }

  /** Those that the rule looks at and that can be judged, the strongest first. */
  private static List<SignalAnomaly> watched(Catalog.Rule rule, List<SignalAnomaly> signals) {
    String name = rule.signal();
    return signals.stream()
        .filter(s -> s.ready() && (name == null || s.signal().equals(name)))
        .sorted(
            Comparator.comparingDouble(SignalAnomaly::peak)
                .thenComparingDouble(AnomalyRules::score)
                .reversed())
        .toList();
  }

  /** Goes on where the last life ended. */
  void restore(List<Detected> firing, List<Remembered> remembered) {
    for (Detected detected : firing) {
      Signal signal = detected.signal();
      if (signal.kind() == SignalKind.ANOMALY) {
        ServiceKey key = new ServiceKey(signal.service(), signal.env());
        long since = signal.at().toEpochMilli();
        SignalEvidence evidence = signal.evidence();
        boolean helped = evidence != null && evidence.labels().containsKey(HELP);
        memories.put(new Subject(signal.rule(), key), Memory.firing(since, helped));
      }
    }
    for (Remembered one : remembered) {
      if (one.kind() == SignalKind.ANOMALY && one.what() != Remembered.What.TROUBLED) {
        Memory memory =
            one.what() == Remembered.What.PENDING
                ? Memory.pending(one.since())
                : Memory.resting(one.since());
        memories.put(new Subject(one.rule(), one.key()), memory);
      }
    }
  }

  /** The cool-downs that are not over. */
  List<Remembered> remembered(List<Catalog.Rule> rules, long now) {
    List<Remembered> resting = new ArrayList<>();
    for (Catalog.Rule rule : rules) {
      memories.forEach((subject, memory) -> {
        long ended = memory.ended();
        if (subject.rule().equals(rule.name())
            && !memory.breached()
            && ended != Long.MIN_VALUE
            && now - ended < rule.after().toMillis()) {
          resting.add(
              new Remembered(
                  Remembered.What.RESTING,
                  rule.name(),
                  subject.key(),
                  Labels.EMPTY,
                  SignalKind.ANOMALY,
                  rule.severity(),
                  ended,
                  ended));
        }
      });
    }
    return resting;
  }

  /** Forgets a service. */
  void forget(ServiceKey key) {
    memories.keySet().removeIf(s -> s.key().equals(key));
  }

  /** Forgets rules that are gone. */
  void keep(List<Catalog.Rule> rules) {
    memories.keySet().removeIf(s -> rules.stream().noneMatch(r -> r.name().equals(s.rule())));
  }

  /**
   * What is seen of a service.
   *
   * @param ready how many of the rule's signals can be judged
   * @param anomalous how many of these are anomalous
   */
  private Observation observation(
      Catalog.Rule rule, ServiceAnomalies service, int ready, int anomalous) {
    int needed = needed(rule, service);
    if (ready < needed) {
      return Observation.UNKNOWN;
    }
    Double traffic = service.signal("traffic").map(SignalAnomaly::value).orElse(null);
    boolean enough = rule.minTraffic() <= 0 || (traffic != null && traffic >= rule.minTraffic());
    Memory memory = memory(rule, service);
    // Little traffic keeps a breach from beginning; that people stay away is no recovery.
    boolean seen = (enough || memory.breached()) && anomalous >= needed;
    boolean resting =
        !memory.breached()
            && memory.ended() != Long.MIN_VALUE
            && service.at() - memory.ended() < rule.after().toMillis();
    boolean breached = seen && !resting;
    if (!breached && service.signals().stream().anyMatch(s -> isLearning(s, rule.signal()))) {
      // As after a restart: what cannot be told yet is not as usual again.
      return Observation.UNKNOWN;
    }
    if (breached || memory.breached()) {
      memories.put(
          new Subject(rule.name(), service.key()),
          memory.seen(breached, service.at(), rule.holdFor().toMillis()));
    }
    return breached ? Observation.BREACH : Observation.FINE;
  }

  private static boolean isLearning(SignalAnomaly signal, @Nullable String only) {
    return signal.value() != null
        && !signal.ready()
        && (only == null || signal.signal().equals(only));
  }

  private static String fired(
      Catalog.Rule rule, ServiceAnomalies service, List<SignalAnomaly> anomalous) {
    String others = others(rule, service);
    return lead(rule)
        + ": unusual on "
        + service.key()
        + ": "
        + anomalous.stream().map(AnomalyRules::words).collect(Collectors.joining("; "))
        + (others.isEmpty() ? "" : "; unusual as well: " + others);
  }

  /** The other services, where they count for the rule; empty where they do not. */
  private static String others(Catalog.Rule rule, ServiceAnomalies service) {
    Others others = service.shared();
    return others == null || rule.signal() != null
        ? ""
        : others.unusual() + " of " + others.known() + " other services";
  }

  private static String over(
      Catalog.Rule rule, ServiceAnomalies service, List<SignalAnomaly> anomalous) {
    String still = anomalous.stream().map(AnomalyRules::words).collect(Collectors.joining("; "));
    return "Over: "
        + lead(rule)
        + ": "
        + service.key()
        + (still.isEmpty() ? " is as usual again" : " is as usual again; still unusual: " + still);
  }

  /** The highest of its anomaly; where there is none, that of now. */
  private static double score(SignalAnomaly signal) {
    return signal.since() == null ? signal.score() : signal.peak();
  }

  private static String words(SignalAnomaly signal) {
    return String.format(
        Locale.ROOT,
        "%s is %s, usual is %s (score %.2f)",
        signal.signal(),
        number(signal.value()),
        number(signal.expected()),
        signal.peak());
  }

  /**
   * The numbers of these signals, the strongest first.
   *
   * @param telling which of them is compared with the least score: of a breach the strongest, else
   *     the one that is missing to it
   */
  private static SignalEvidence evidence(
      Catalog.Rule rule,
      ServiceAnomalies service,
      List<SignalAnomaly> signals,
      int telling,
      double least) {
    Map<String, String> labels = new TreeMap<>();
    for (SignalAnomaly signal : signals) {
      labels.put(signal.signal() + "_score", String.format(Locale.ROOT, "%.3f", score(signal)));
      labels.put(signal.signal() + "_value", number(signal.value()));
      labels.put(signal.signal() + "_expected", number(signal.expected()));
    }
    String others = others(rule, service);
    if (!others.isEmpty()) {
      labels.put(HELP, others);
    }
    SignalAnomaly told = signals.size() <= telling ? null : signals.get(telling);
    return new SignalEvidence(
        told == null ? rule.signal() == null ? "all golden signals" : rule.signal() : told.query(),
        told == null ? null : (Double) told.peak(),
        least,
        Instant.ofEpochMilli(service.from()),
        Instant.ofEpochMilli(service.at()),
        labels);
  }

  private static String number(@Nullable Double value) {
    return value == null ? "missing" : String.format(Locale.ROOT, "%.4g", value);
  }

  private static String lead(Catalog.Rule rule) {
    return rule.summary() == null ? rule.name() : rule.summary();
  }

  private static String cut(String text) {
    return SignalBounds.cut(text, SignalBounds.SUMMARY);
  }
}
