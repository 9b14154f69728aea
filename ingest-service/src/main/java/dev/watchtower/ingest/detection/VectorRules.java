package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Decides the rules with a query of their own. For one thread but for {@link #overlooked}. */
final class VectorRules {
  private static final List<String> NAME = List.of(Labels.METRIC_NAME);

  private final Breaches breaches;
  private final Map<String, Integer> overlooked = new ConcurrentHashMap<>();

  /** Rules whose state is kept there. */
  VectorRules(Breaches breaches) {
    this.breaches = breaches;
  }

  /** As {@link Detector#overlooked}. */
  Map<String, Integer> overlooked() {
    return Map.copyOf(overlooked);
  }

  /** Counts nothing any more for rules that are gone. */
  void keep(RuleBook rules) {
    overlooked.keySet().retainAll(rules.onExpressions().keySet());
  }

  boolean isOpen(RuleBook.ExpressionRule rule) {
    return !open(rule).isEmpty();
  }

  private Set<Subject> open(RuleBook.ExpressionRule rule) {
    return breaches.subjects().stream()
        .filter(s -> s.rule().equals(rule.rule().name()))
        .collect(Collectors.toSet());
  }

  /** As {@link Detector#onVector(RuleBook.ExpressionRule, long, Looked, boolean)}. */
  List<Detected> decide(RuleBook.ExpressionRule rule, long at, Looked looked, boolean settling) {
    List<Detected> signals = new ArrayList<>();
    Set<Subject> seen = new HashSet<>();
    Set<Subject> before = open(rule);
    int begun = 0;
    int beyond = 0;
    for (Value.Sample sample : looked.holding()) {
      Subject subject = subject(rule, sample);
      if (breaches.isFiring(subject) && seen.add(subject)) {
        breached(rule, at, subject, sample.value(), signals);
      }
    }
    for (Value.Sample sample : looked.found()) {
      Subject subject = subject(rule, sample);
      if (!RuleBook.covers(rule.rule(), subject.labels())) {
        continue;
      }
      boolean isNew = !before.contains(subject) && !seen.contains(subject);
      if (isNew && before.size() + begun >= Detector.MAX_SERIES_PER_RULE) {
        beyond++;
      } else if (seen.add(subject)) {
        begun += isNew ? 1 : 0;
        breached(rule, at, subject, sample.value(), signals);
      }
    }
    if (beyond > 0) {
      overlooked.put(rule.rule().name(), beyond);
    } else {
      overlooked.remove(rule.rule().name());
    }
    before.removeAll(seen);
    missing(rule, at, looked, settling, before, signals);
    return signals;
  }

  private static Subject subject(RuleBook.ExpressionRule rule, Value.Sample sample) {
    Labels labels = sample.labels().without(NAME);
    return new Subject(rule.rule().name(), RuleBook.keyOf(rule.rule(), labels), labels);
  }

  private void breached(
      RuleBook.ExpressionRule rule,
      long at,
      Subject subject,
      double value,
      List<Detected> signals) {
    Labels labels = subject.labels();
    String summary = Words.fired(rule, subject.key(), what(labels), value);
    SignalEvidence evidence = rule.evidence(at, value, labels);
    decide(rule, subject, new Breaches.Seen(Observation.BREACH, summary, evidence, at), signals);
  }

  /** A sum over all has no labels that could be named. */
  private static String what(Labels labels) {
    return labels.equals(Labels.EMPTY) ? "the value" : labels.toString();
  }

  /** Decides those of the rule that were there and were not seen. */
  private void missing(
      RuleBook.ExpressionRule rule,
      long at,
      Looked looked,
      boolean settling,
      Set<Subject> missing,
      List<Detected> signals) {
    if (missing.isEmpty()) {
      return;
    }
    Map<Labels, Double> values = looked.valuesByLabels(NAME);
    for (Subject subject : missing) {
      Double value = values.get(subject.labels());
      String summary = Words.cleared(rule.rule(), subject.key(), what(subject.labels()), value);
      SignalEvidence evidence = rule.evidence(at, value, subject.labels());
      Observation observation =
          settling && breaches.outlivesSilence(subject) ? Observation.UNKNOWN : Observation.FINE;
      decide(rule, subject, new Breaches.Seen(observation, summary, evidence, at), signals);
    }
  }

  private void decide(
      RuleBook.ExpressionRule rule, Subject subject, Breaches.Seen seen, List<Detected> signals) {
    breaches.decide(rule.rule(), rule.rule().severity(), subject, seen, signals);
  }
}
