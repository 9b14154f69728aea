package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Applies the rules to what was measured and says which signals follow. It holds the state of every
 * rule that is not quiet. Fed with the same calls it gives the same signals, with the same ids. For
 * one thread.
 */
public final class Detector {
  /** Series that one rule may have in breach at once; more are not told, but counted. */
  public static final int MAX_SERIES_PER_RULE = 1_000;

  /** A service of which nothing was heard for so long is forgotten, unless a rule misses it. */
  public static final long FORGET_MILLIS = Duration.ofHours(24).toMillis();

  /** What fires on a deployment is left so much longer than it is watched, to end by itself. */
  public static final long UNWATCHED_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final String NOT_HEARD = "the service was not heard for a day";

  private final Breaches breaches;
  private final VectorRules vectors;
  private RuleBook rules;

  /** A detector without any history. */
  public Detector(RuleBook rules) {
    this(rules, RuleTiming.LONGEST_GAP);
  }

  /**
   * A detector without any history.
   *
   * @param longestGap a breach seen again only after more than that counts as a new one
   */
  public Detector(RuleBook rules, Duration longestGap) {
    this.rules = rules;
    this.breaches = new Breaches(longestGap);
    this.vectors = new VectorRules(breaches);
  }

  /** The rules in force. */
  public RuleBook rules() {
    return rules;
  }

  /**
   * Series in breach that are left out at present because their rule has too many, by rule. Any
   * thread.
   */
  public Map<String, Integer> overlooked() {
    return vectors.overlooked();
  }

  /** What rules have to leave out at present, and why. Any thread. */
  public List<String> faults() {
    return overlooked().entrySet().stream()
        .map(e ->
            "rules."
                + e.getKey()
                + ": "
                + e.getValue()
                + " series in breach are not told, because "
                + MAX_SERIES_PER_RULE
                + " are")
        .sorted()
        .toList();
  }

  /**
   * It is now, milliseconds since the epoch: to be called each second where time passes.
   *
   * @param heardSince when the last gap of ours ended
   */
  public void clock(long now, long heardSince) {
    breaches.clock(now, heardSince);
  }

  /** The breaches that are told, or will be if they last. */
  List<OpenBreach> open() {
    return breaches.open();
  }

  /** How many breaches have been told and are not over. */
  public long firing() {
    return breaches.firing();
  }

  /** Goes on from the signals that were firing when the last detector ended. */
  public void restore(List<Detected> firing) {
    restore(firing, List.of());
  }

  /**
   * Goes on from where the last detector ended.
   *
   * @param firing the signals that were firing
   * @param remembered what it remembered besides
   */
  public void restore(List<Detected> firing, List<Remembered> remembered) {
    for (Detected detected : firing) {
      Signal signal = detected.signal();
      ServiceKey key = new ServiceKey(signal.service(), signal.env());
      breaches.restore(new Subject(signal.rule(), key, detected.labels()), signal);
    }
    remembered.forEach(breaches::recall);
  }

  /** What a restart must not make begin anew, for {@link #restore(List, List)}. */
  public List<Remembered> remembered() {
    return breaches.remembered();
  }

  /**
   * Takes other rules; what fires by one that looks there no more is over: nothing else ends it.
   */
  public List<Detected> take(RuleBook newRules, long at) {
    RuleBook before = rules;
    rules = newRules;
    vectors.keep(newRules);
    return breaches.close(
        (subject, kind) -> !newRules.keeps(before, kind, subject),
        "the rule no longer applies",
        at);
  }

  /**
   * Whether a service that sends nothing is still to be known: for a day, or while a no-data rule
   * fires on it or may begin to.
   *
   * @param silence how long nothing was heard of it, milliseconds
   */
  public boolean expects(ServiceKey key, long silence) {
    if (silence <= FORGET_MILLIS) {
      return true;
    }
    for (Catalog.Rule rule : rules.noData()) {
      if (rule.covers(key.service(), key.env())
          && (silence <= FORGET_MILLIS + rule.after().toMillis()
              || breaches.isOpen(new Subject(rule.name(), key, Labels.EMPTY)))) {
        return true;
      }
    }
    return false;
  }

  /** Services that are not expected to come back: what fires on them is over. */
  public List<Detected> forget(Set<ServiceKey> keys, long at) {
    return breaches.close((subject, _) -> keys.contains(subject.key()), NOT_HEARD, at);
  }

  /**
   * Services that were not heard for a day and are still expected: their anomalies are over. Of
   * those a missing value says nothing; other rules look again by themselves.
   */
  public List<Detected> endAnomalies(Set<ServiceKey> keys, long at) {
    return breaches.close(
        (subject, kind) -> kind == SignalKind.ANOMALY && keys.contains(subject.key()),
        NOT_HEARD,
        at);
  }

  /**
   * What fires for longer than its rule watches a deployment and keeps firing is over: it may not
   * be judged again, because its service sends nothing or too many others followed.
   *
   * @param clock what time it is for a service: one whose samples are old is not judged too soon
   */
  public List<Detected> endUnwatched(ToLongFunction<ServiceKey> clock, long at) {
    return breaches.close(
        (subject, kind) ->
            kind == SignalKind.CHANGE
                && clock.applyAsLong(subject.key()) - UNWATCHED_MILLIS
                    > breaches.firingSince(subject) + rules.watchMillis(subject.rule()),
        "the deployment is no longer watched",
        at);
  }

  /** Applies the rules on golden signals. */
  public List<Detected> onSignals(SignalSnapshot snapshot) {
    List<Detected> signals = new ArrayList<>();
    ServiceKey key = snapshot.key();
    for (Catalog.Rule rule : rules.onSignals()) {
      String name = rule.signal();
      if (name == null || !rule.covers(key.service(), key.env())) {
        continue;
      }
      Double value = snapshot.values().get(name);
      Double traffic = snapshot.values().get("traffic");
      boolean enough = rule.minTraffic() <= 0 || (traffic != null && traffic >= rule.minTraffic());
      Subject subject = new Subject(rule.name(), key, Labels.EMPTY);
      boolean firing = breaches.isFiring(subject);
      // Little traffic keeps a rule from beginning; that people stay away is no recovery.
      boolean breach = (enough || firing) && value != null && Limits.breaches(rule, value, firing);
      // Not written where nothing can be told.
      String summary =
          breach && value != null
              ? Words.fired(rule, key, name, value)
              : breaches.isOpen(subject) ? Words.cleared(rule, key, name, value) : "";
      SignalEvidence evidence =
          new SignalEvidence(
              snapshot.queries().getOrDefault(name, name),
              value,
              rule.threshold(),
              Instant.ofEpochMilli(snapshot.at() - snapshot.windowMillis()),
              Instant.ofEpochMilli(snapshot.at()),
              Map.of());
      Observation observation =
          breach
              ? Observation.BREACH
              // What began before a gap of ours is over only when all has been heard again.
              : snapshot.settling() && breaches.outlivesSilence(subject)
                  ? Observation.UNKNOWN
                  : Observation.FINE;
      decide(
          rule, subject, new Breaches.Seen(observation, summary, evidence, snapshot.at()), signals);
    }
    return signals;
  }

  /**
   * Since when the threshold or burn rate that began last of those that fire on the service has
   * been seen; event time, milliseconds since the epoch. Empty where none fires.
   */
  public OptionalLong troubledSince(ServiceKey key) {
    Long since = breaches.troubled().get(key);
    return since == null ? OptionalLong.empty() : OptionalLong.of(since);
  }

  /** The services on which a rule on golden signals fires or is about to. */
  public Set<ServiceKey> openOnSignals() {
    return openSubjects().map(Subject::key).collect(Collectors.toSet());
  }

  /** How long the windows of the services' rates were when that which is open was seen last. */
  public Map<ServiceKey, Duration> windows() {
    Map<ServiceKey, Duration> windows = new HashMap<>();
    openSubjects()
        .forEach(subject -> {
          SignalEvidence seen = breaches.evidence(subject).orElse(null);
          if (seen != null && seen.from() != null && seen.to() != null) {
            Duration window = Duration.between(seen.from(), seen.to());
            windows.merge(subject.key(), window, (a, b) -> a.compareTo(b) < 0 ? b : a);
          }
        });
    return windows;
  }

  /**
   * The services on which something is open that ends only where they are known, and when it was
   * seen last, event time.
   *
   * @param otherwise for what is open and was not told, and the latest time
   */
  public Map<ServiceKey, Long> seenLast(long otherwise) {
    Map<ServiceKey, Long> seen = new HashMap<>();
    Stream.concat(openSubjects(), openOf(rules.onAnomalies()))
        .forEach(subject -> {
          SignalEvidence evidence = breaches.evidence(subject).orElse(null);
          Instant to = evidence == null ? null : evidence.to();
          long last = to == null ? otherwise : Math.min(otherwise, to.toEpochMilli());
          seen.merge(subject.key(), last, Math::max);
        });
    return seen;
  }

  private Stream<Subject> openSubjects() {
    return openOf(rules.onSignals());
  }

  private Stream<Subject> openOf(List<Catalog.Rule> some) {
    Set<String> names = some.stream().map(Catalog.Rule::name).collect(Collectors.toSet());
    return breaches.subjects().stream().filter(subject -> names.contains(subject.rule()));
  }

  /**
   * Applies a rule to what was found elsewhere. Of the findings of one call, the graver first: one
   * that would begin to fire while an earlier one fires is held back.
   */
  public List<Detected> onFindings(Catalog.Rule rule, List<Finding> findings) {
    List<Detected> signals = new ArrayList<>();
    boolean held = false;
    for (Finding finding : findings) {
      Subject subject = new Subject(rule.name(), finding.key(), finding.labels());
      if (!rules.covers(rule.name(), finding.key(), finding.labels())) {
        continue;
      }
      boolean late = held && !breaches.isFiring(subject);
      Observation observation =
          late && finding.observation() == Observation.BREACH
              ? Observation.FINE
              : finding.observation();
      Breaches.Seen seen =
          new Breaches.Seen(observation, finding.summary(), finding.evidence(), finding.at());
      breaches.decide(rule, finding.severity(), subject, seen, signals);
      held |= breaches.isFiring(subject);
    }
    return signals;
  }

  /** Whether the rule fires or is about to. */
  boolean isOpen(RuleBook.ExpressionRule rule) {
    return vectors.isOpen(rule);
  }

  /** Applies a rule with a query of its own: every series of its result is a breach. */
  public List<Detected> onVector(RuleBook.ExpressionRule rule, long at, List<Value.Sample> found) {
    return onVector(rule, at, new Looked(found, List.of(), List.of()), false);
  }

  /**
   * Applies a rule with a query of its own.
   *
   * @param settling whether so little was heard since a restart that what is missing in the result
   *     says nothing
   */
  public List<Detected> onVector(
      RuleBook.ExpressionRule rule, long at, Looked looked, boolean settling) {
    return vectors.decide(rule, at, looked, settling);
  }

  /**
   * Applies the no-data rules.
   *
   * @param listeningSince since when samples could have come: silence before proves nothing
   * @param now milliseconds since the epoch
   */
  public List<Detected> onSilence(
      Collection<ObservedService> services, long listeningSince, long now) {
    List<Detected> signals = new ArrayList<>();
    for (Catalog.Rule rule : rules.noData()) {
      Duration after = rule.after();
      for (ObservedService service : services) {
        ServiceKey key = service.key();
        if (!rule.covers(key.service(), key.env()) || service.sentMillis() == 0) {
          continue;
        }
        long silence = now - service.sentMillis();
        Observation observation =
            silence < after.toMillis()
                ? Observation.FINE
                : now - listeningSince < after.toMillis()
                    ? Observation.UNKNOWN
                    : Observation.BREACH;
        Subject subject = new Subject(rule.name(), key, Labels.EMPTY);
        if (observation != Observation.BREACH && !breaches.isOpen(subject)) {
          continue;
        }
        String summary =
            observation == Observation.BREACH
                ? Words.silent(rule, key, Duration.ofMillis(silence))
                : Words.heardAgain(rule, key);
        SignalEvidence evidence =
            new SignalEvidence(
                "no sample for " + after.toSeconds() + " s",
                silence / 1_000.0,
                after.toMillis() / 1_000.0,
                Instant.ofEpochMilli(Math.min(service.eventMillis(), service.sentMillis())),
                Instant.ofEpochMilli(now),
                Map.of());
        decide(rule, subject, new Breaches.Seen(observation, summary, evidence, now), signals);
      }
    }
    return signals;
  }

  private void decide(
      Catalog.Rule rule, Subject subject, Breaches.Seen seen, List<Detected> signals) {
    breaches.decide(rule, rule.severity(), subject, seen, signals);
  }
}
