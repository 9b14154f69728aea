package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.RuleTimes;
import dev.watchtower.ingest.detection.slo.SloWatch;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.AcceptedBatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The part of {@link DetectionLoop} that hears of samples: it marks what they concern and computes
 * nothing. For the thread that hears of them.
 */
final class Hearing {
  private final ServiceRegistry registry;
  private final Turns turns;
  private final RuleTimes times;
  private final Listening listening;
  private final SloWatch slos;
  private final Supplier<RuleBook> rules;
  private final LongSupplier clock;
  private final MeterRegistry meters;

  /**
   * @param rules those in force, for any thread
   * @param clock milliseconds since the epoch
   */
  Hearing(
      ServiceRegistry registry,
      Turns turns,
      RuleTimes times,
      Listening listening,
      SloWatch slos,
      Supplier<RuleBook> rules,
      LongSupplier clock,
      MeterRegistry meters) {
    this.registry = registry;
    this.turns = turns;
    this.times = times;
    this.listening = listening;
    this.slos = slos;
    this.rules = rules;
    this.clock = clock;
    this.meters = meters;
  }

  void accepted(AcceptedBatch batch) {
    long now = clock.getAsLong();
    look(now);
    ServiceRegistry.Touched touched = registry.heard(batch, now);
    for (ObservedService service : touched.golden()) {
      turns.ask(new Work.OfService(service));
    }
    times.heard(rules.get(), touched, now).forEach(rule -> turns.ask(new Work.OfRule(rule)));
    ServiceRegistry.Span all = touched.of(Set.of());
    slos.heard(touched.metrics(), all.oldest(), all.newest());
  }

  /** Nothing came for a second. */
  void paused() {
    look(clock.getAsLong());
  }

  /** Something is silent: asks whether it could be heard; by any thread. */
  void doubt() {
    long before = listening.since();
    listening.doubt();
    if (listening.since() != before) {
      registry.interrupted(listening.gap(), clock.getAsLong());
    }
  }

  /** Looks at the time and at the doors; by any thread. */
  void look(long now) {
    long before = listening.since();
    if (listening.look(now)) {
      registry.clockPutBack(now);
      times.clockPutBack(now);
      slos.clockPutBack(now);
    } else if (listening.since() != before) {
      registry.interrupted(listening.gap(), now);
    }
  }

  /**
   * Whether a rule is not to be looked at now, as a gap of ours may be why its query has a value;
   * it is asked for again after a while.
   */
  boolean passesOver(RuleBook.ExpressionRule rule, long now) {
    boolean hidden = listening.hidesAbsence(rule.expr(), now);
    if (hidden && listening.since() != 0) {
      times.passedOver(rule.rule().name(), now);
    }
    return hidden;
  }

  void missed(long samples) {
    // Which services they were of is unknown, so each is looked at.
    meters.counter("watchtower.ingest.detection.missed").increment(samples);
    for (ObservedService service : registry.all()) {
      service.backfill().missed();
      turns.ask(new Work.OfService(service));
    }
    times.missed();
    rules.get().onExpressions().keySet().forEach(rule -> turns.ask(new Work.OfRule(rule)));
    slos.missed();
  }
}
