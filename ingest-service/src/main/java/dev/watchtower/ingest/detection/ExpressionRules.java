package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.golden.Backfill;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Evaluates rules on queries and has them decided, at the instants of {@link RuleTimes}. For one
 * thread.
 */
public final class ExpressionRules {
  /** What the queries of a rule give at the instants of samples that came late. */
  private record Late(
      Map<Long, List<Value.Sample>> found,
      Map<Long, List<Value.Sample>> holding,
      Map<Long, List<Value.Sample>> values) {
    static final Late NOTHING = new Late(Map.of(), Map.of(), Map.of());

    Looked at(long instant) {
      return new Looked(
          found.getOrDefault(instant, List.of()),
          holding.getOrDefault(instant, List.of()),
          values.getOrDefault(instant, List.of()));
    }
  }

  private final QueryEngine engine;
  private final Detector detector;
  private final RuleTimes times;
  private final LongAdder leftOut = new LongAdder();

  /**
   * @param engine its limits hold for the newest instant, and again for all that came late
   */
  public ExpressionRules(QueryEngine engine, Detector detector, RuleTimes times) {
    this.engine = engine;
    this.detector = detector;
    this.times = times;
  }

  /**
   * Evaluates a rule and decides it. Nothing is decided where it fails, or samples that came late
   * have yet to wait for others: then {@link RuleTimes#due} has it asked for again.
   *
   * @param settling whether so little was heard since a restart that what is missing in the result
   *     says nothing
   * @param begin the instant where no sample of its metrics was heard yet, milliseconds since the
   *     epoch: later ones than those of its senders would have their samples left out as late
   * @param now milliseconds since the epoch
   * @throws QueryException if the newest instant has no answer
   */
  public List<Detected> look(
      RuleBook.ExpressionRule rule, boolean settling, LongSupplier begin, long now) {
    RuleTimes.Look look = times.next(rule.rule().name(), begin, now);
    if (look.late().waits()) {
      return List.of();
    }
    try {
      List<Detected> told = look(rule, look, settling);
      times.done(look);
      return told;
    } catch (RuntimeException | Error e) {
      times.again(look);
      throw e;
    }
  }

  private List<Detected> look(RuleBook.ExpressionRule rule, RuleTimes.Look look, boolean settling) {
    Expr hold = rule.hold();
    // One query: what the two share is read once, and they share its time.
    QueryEngine.Instant instant = engine.at(look.at(), QueryEngine.LOOKBACK_MILLIS);
    List<Value.Sample> holding = hold == null ? List.of() : samples(instant, hold);
    List<Value.Sample> found = samples(instant, rule.expr());
    boolean mayEnd = !look.late().isEmpty() || detector.isOpen(rule);
    List<Value.Sample> values =
        mayEnd ? values(rule, e -> samples(instant, e), List.of()) : List.of();
    Looked newest = new Looked(found, holding, values);
    boolean complete = true;
    Late late = Late.NOTHING;
    if (!look.late().isEmpty()) {
      try {
        late = late(rule, look.late());
      } catch (QueryException e) {
        // Too much, or no answer at one of them. How it stands now must not wait for that.
        complete = false;
      }
    }
    if (look.late().leftOut() || !complete) {
      leftOut.increment();
    }
    // Decided when all has been read: what fails half-way must not have changed anything.
    List<Detected> told = new ArrayList<>();
    for (long at = look.late().first();
        complete && at <= look.late().last();
        at += Backfill.STEP_MILLIS) {
      told.addAll(detector.onVector(rule, at, late.at(at), settling));
    }
    told.addAll(detector.onVector(rule, look.at(), newest, settling));
    return told;
  }

  private Late late(RuleBook.ExpressionRule rule, Backfill.Instants instants) {
    Expr hold = rule.hold();
    Map<Long, List<Value.Sample>> found = byInstant(range(rule.expr(), instants));
    boolean mayEnd = !found.isEmpty() || detector.isOpen(rule);
    return new Late(
        found,
        hold == null ? Map.of() : byInstant(range(hold, instants)),
        mayEnd ? values(rule, e -> byInstant(range(e, instants)), Map.of()) : Map.of());
  }

  /**
   * What the rule compares with its limit, for the evidence of what is over. That this takes too
   * much must not keep the rule from being decided.
   */
  private static <T> T values(RuleBook.ExpressionRule rule, Function<Expr, T> read, T none) {
    Expr compared = rule.compared();
    if (compared == null) {
      return none;
    }
    try {
      return read.apply(compared);
    } catch (QueryException e) {
      return none;
    }
  }

  private Value.Matrix range(Expr expr, Backfill.Instants instants) {
    return engine.range(expr, instants.first(), instants.last(), Backfill.STEP_MILLIS);
  }

  private static List<Value.Sample> samples(QueryEngine.Instant instant, Expr expr) {
    return ((Value.Vector) instant.value(expr)).samples();
  }

  /** What a query over a time found, by instant, in milliseconds since the epoch. */
  public static Map<Long, List<Value.Sample>> byInstant(Value.Matrix matrix) {
    Map<Long, List<Value.Sample>> byInstant = new HashMap<>();
    for (Value.Points points : matrix.series()) {
      for (int i = 0; i < points.times().length; i++) {
        byInstant
            .computeIfAbsent(points.times()[i], _ -> new ArrayList<>())
            .add(new Value.Sample(points.labels(), points.values()[i]));
      }
    }
    return byInstant;
  }

  /**
   * Looks in which samples that had come late were left out in part: they were older than the last
   * decision or than {@link Backfill#MOST_STEPS} steps, or too many. Any thread.
   */
  public long leftOut() {
    return leftOut.sum();
  }
}
