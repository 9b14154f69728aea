package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules to what was measured and says which signals follow. It holds the state of every
 * rule that is not quiet. Fed with the same calls it gives the same signals, with the same ids. For
 * one thread.
 */
public final class Detector {
  /** Series that one rule may have in breach at once; more are not told one by one. */
  public static final int MAX_SERIES_PER_RULE = 1_000;

  private static final List<String> NAME = List.of(Labels.METRIC_NAME);

  private record Subject(String rule, ServiceKey key, Labels labels) {
    String fingerprint() {
      return Fingerprint.of(rule, key.service(), key.env(), labels);
    }
  }

  private record Seen(
      Observation observation, String summary, @Nullable SignalEvidence evidence, long at) {}

  private record Tracked(RuleState state, long at, SignalKind kind, Severity severity) {}

  private final Map<Subject, Tracked> open = new HashMap<>();
  private RuleBook rules;
  private long overlooked;

  /** A detector without any history. */
  public Detector(RuleBook rules) {
    this.rules = rules;
  }

  /** The rules in force. */
  public RuleBook rules() {
    return rules;
  }

  /** Series in breach that were left out because their rule had too many. */
  public long overlooked() {
    return overlooked;
  }

  /** How many breaches have been told and are not over. */
  public long firing() {
    return open.values().stream().filter(t -> t.state() instanceof RuleState.Firing).count();
  }

  /** Goes on from the signals that were firing when the last detector ended. */
  public void restore(List<Detected> firing) {
    for (Detected detected : firing) {
      Signal signal = detected.signal();
      open.put(
          new Subject(
              signal.rule(), new ServiceKey(signal.service(), signal.env()), detected.labels()),
          new Tracked(
              new RuleState.Firing(signal.at().toEpochMilli(), null),
              Long.MIN_VALUE,
              signal.kind(),
              signal.severity()));
    }
  }

  /**
   * Takes other rules; what fires by a rule that is gone, is of another kind, or no longer looks
   * there, is over: nothing would ever look at it again.
   */
  public List<Detected> take(RuleBook newRules, long at) {
    rules = newRules;
    return close(
        (subject, tracked) ->
            !newRules.keeps(tracked.kind(), subject.rule(), subject.key(), subject.labels()),
        "the rule no longer applies",
        at);
  }

  /** A service that is not expected to come back: what fires on it is over. */
  public List<Detected> forget(ServiceKey key, long at) {
    return close(
        (subject, _) -> subject.key().equals(key), "the service was not heard for a day", at);
  }

  private List<Detected> close(BiPredicate<Subject, Tracked> which, String why, long at) {
    List<Detected> cleared = new ArrayList<>();
    for (Map.Entry<Subject, Tracked> entry : List.copyOf(open.entrySet())) {
      Subject subject = entry.getKey();
      Tracked tracked = entry.getValue();
      if (which.test(subject, tracked)) {
        open.remove(subject);
        if (tracked.state() instanceof RuleState.Firing) {
          String summary = Words.gone(subject.rule(), subject.key(), why);
          cleared.add(
              detected(
                  subject,
                  tracked.kind(),
                  tracked.severity(),
                  SignalStatus.CLEARED,
                  at,
                  summary,
                  null));
        }
      }
    }
    return cleared;
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
      boolean breach = enough && value != null && Limits.breaches(rule, value, isFiring(subject));
      String summary =
          breach && value != null
              ? Words.fired(rule, key, name, value)
              : Words.cleared(rule, key, name, value);
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
              // What fired before a restart is over only when all has been heard again.
              : snapshot.settling() && isFiring(subject) ? Observation.UNKNOWN : Observation.FINE;
      decide(rule, subject, new Seen(observation, summary, evidence, snapshot.at()), signals);
    }
    return signals;
  }

  /** The services on which a rule on golden signals fires or is about to. */
  public Set<ServiceKey> openOnSignals() {
    Set<String> names = new HashSet<>();
    rules.onSignals().forEach(rule -> names.add(rule.name()));
    Set<ServiceKey> keys = new HashSet<>();
    for (Subject subject : open.keySet()) {
      if (names.contains(subject.rule())) {
        keys.add(subject.key());
      }
    }
    return keys;
  }

  private boolean isFiring(Subject subject) {
    Tracked tracked = open.get(subject);
    return tracked != null && tracked.state() instanceof RuleState.Firing;
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
      boolean late = held && !isFiring(subject);
      Observation observation =
          late && finding.observation() == Observation.BREACH
              ? Observation.FINE
              : finding.observation();
      Seen seen = new Seen(observation, finding.summary(), finding.evidence(), finding.at());
      decide(rule, finding.severity(), subject, seen, signals);
      held |= isFiring(subject);
    }
    return signals;
  }

  /** Applies a rule with a query of its own: every series of its result is a breach. */
  public List<Detected> onVector(
      RuleBook.ExpressionRule rule, long at, List<Value.Sample> breaches) {
    return onVector(rule, at, breaches, List.of());
  }

  /**
   * Applies a rule with a query of its own: every series of its result is a breach.
   *
   * @param holding series that are to go on firing if they do
   */
  public List<Detected> onVector(
      RuleBook.ExpressionRule rule,
      long at,
      List<Value.Sample> breaches,
      List<Value.Sample> holding) {
    List<Detected> signals = new ArrayList<>();
    Set<Subject> seen = new HashSet<>();
    for (Value.Sample sample : holding) {
      Labels labels = sample.labels().without(NAME);
      Subject subject =
          new Subject(rule.rule().name(), RuleBook.keyOf(rule.rule(), labels), labels);
      if (isFiring(subject) && seen.add(subject)) {
        String summary = Words.fired(rule.rule(), subject.key(), labels.toString(), sample.value());
        SignalEvidence evidence = evidence(rule, at, sample.value(), labels);
        decide(rule.rule(), subject, new Seen(Observation.BREACH, summary, evidence, at), signals);
      }
    }
    for (Value.Sample sample : breaches) {
      Labels labels = sample.labels().without(NAME);
      ServiceKey key = RuleBook.keyOf(rule.rule(), labels);
      if (!rule.rule().covers(key.service(), key.env())) {
        continue;
      }
      Subject subject = new Subject(rule.rule().name(), key, labels);
      if (seen.size() >= MAX_SERIES_PER_RULE && !open.containsKey(subject)) {
        overlooked++;
        continue;
      }
      if (seen.add(subject)) {
        String summary = Words.fired(rule.rule(), key, labels.toString(), sample.value());
        SignalEvidence evidence = evidence(rule, at, sample.value(), labels);
        decide(rule.rule(), subject, new Seen(Observation.BREACH, summary, evidence, at), signals);
      }
    }
    for (Subject subject : List.copyOf(open.keySet())) {
      if (subject.rule().equals(rule.rule().name()) && !seen.contains(subject)) {
        String summary =
            Words.cleared(rule.rule(), subject.key(), subject.labels().toString(), null);
        SignalEvidence evidence = evidence(rule, at, null, subject.labels());
        decide(rule.rule(), subject, new Seen(Observation.FINE, summary, evidence, at), signals);
      }
    }
    return signals;
  }

  private static SignalEvidence evidence(
      RuleBook.ExpressionRule rule, long at, @Nullable Double value, Labels labels) {
    return new SignalEvidence(
        String.valueOf(rule.rule().expression()),
        value,
        Expressions.limit(rule.expr()),
        Instant.ofEpochMilli(at - Expressions.longestRange(rule.expr())),
        Instant.ofEpochMilli(at),
        labels.toMap());
  }

  /**
   * Applies the no-data rules.
   *
   * @param listeningSince since when samples could have arrived; before that, silence proves
   *     nothing
   * @param now milliseconds since the epoch
   */
  public List<Detected> onSilence(
      Collection<ObservedService> services, long listeningSince, long now) {
    List<Detected> signals = new ArrayList<>();
    for (Catalog.Rule rule : rules.noData()) {
      Duration after = rule.after();
      for (ObservedService service : services) {
        ServiceKey key = service.key();
        if (!rule.covers(key.service(), key.env()) || service.arrivedMillis() == 0) {
          continue;
        }
        long silence = now - service.arrivedMillis();
        Observation observation =
            silence < after.toMillis()
                ? Observation.FINE
                : now - listeningSince < after.toMillis()
                    ? Observation.UNKNOWN
                    : Observation.BREACH;
        Subject subject = new Subject(rule.name(), key, Labels.EMPTY);
        if (observation != Observation.BREACH && !open.containsKey(subject)) {
          continue;
        }
        String summary =
            observation == Observation.BREACH
                ? Words.silent(rule, key, Duration.ofMillis(silence))
                : Words.heardAgain(rule, key);
        SignalEvidence evidence =
            new SignalEvidence(
                "no sample for " + after.toSeconds() + " s",
                null,
                null,
                Instant.ofEpochMilli(service.eventMillis()),
                Instant.ofEpochMilli(now),
                Map.of());
        decide(rule, subject, new Seen(observation, summary, evidence, now), signals);
      }
    }
    return signals;
  }

  private void decide(Catalog.Rule rule, Subject subject, Seen seen, List<Detected> signals) {
    decide(rule, rule.severity(), subject, seen, signals);
  }

  private void decide(
      Catalog.Rule rule, Severity severity, Subject subject, Seen seen, List<Detected> signals) {
    Tracked tracked = open.get(subject);
    if (tracked != null && seen.at() < tracked.at()) {
      // Late: decided already at a later instant.
      return;
    }
    RuleState state = tracked == null ? RuleState.QUIET : tracked.state();
    RuleState.Decision decision =
        RuleState.decide(
            new RuleTiming(rule.holdFor(), rule.keepFiringFor()),
            state,
            seen.observation(),
            seen.at());
    if (decision.next() instanceof RuleState.Quiet) {
      open.remove(subject);
    } else {
      open.put(subject, new Tracked(decision.next(), seen.at(), rule.kind(), severity));
    }
    if (decision.change() != RuleState.Change.NONE) {
      SignalStatus status =
          decision.change() == RuleState.Change.FIRED ? SignalStatus.FIRING : SignalStatus.CLEARED;
      signals.add(
          detected(
              subject,
              rule.kind(),
              severity,
              status,
              decision.since(),
              seen.summary(),
              seen.evidence()));
    }
  }

  private static Detected detected(
      Subject subject,
      SignalKind kind,
      Severity severity,
      SignalStatus status,
      long at,
      String summary,
      @Nullable SignalEvidence evidence) {
    String fingerprint = subject.fingerprint();
    UUID id =
        UUID.nameUUIDFromBytes(
            (fingerprint + '|' + status + '|' + at).getBytes(StandardCharsets.UTF_8));
    return new Detected(
        new Signal(
            id,
            fingerprint,
            kind,
            status,
            subject.rule(),
            subject.key().service(),
            subject.key().env(),
            severity,
            summary,
            Instant.ofEpochMilli(at),
            evidence,
            null),
        subject.labels());
  }
}
