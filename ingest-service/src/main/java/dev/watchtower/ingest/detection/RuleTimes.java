package dev.watchtower.ingest.detection;

import dev.watchtower.ingest.golden.Backfill;
import dev.watchtower.ingest.golden.ServiceRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * At which instants the rules on queries are decided: at the time of the newest sample, and where
 * samples come late at those of {@link Backfill} before it. Times are milliseconds since the epoch.
 * Thread-safe; as large as there are rules.
 */
public final class RuleTimes {
  private static final long IDLE_MILLIS = 15_000;
  private static final long NEVER = Long.MIN_VALUE;

  private static final class Times {
    private long newest = NEVER;
    private long arrived;
    private final @Nullable String expression;
    private final Backfill backfill;
    private long lookedAt;
    private boolean heard;
    private boolean idle;

    Times(@Nullable String expression, long decided) {
      this.expression = expression;
      backfill = new Backfill(decided);
    }

    boolean isIdle(long since, long now) {
      // A clock that was put back must not keep a rule from being looked at until it is there
      // again.
      lookedAt = Math.min(lookedAt, now);
      // After a restart at once: what was pending then must not seem to have been interrupted.
      return lookedAt == 0 || now - Math.max(since, lookedAt) >= IDLE_MILLIS;
    }
  }

  /**
   * The instants of one look.
   *
   * @param late looked at first
   * @param at looked at last
   * @param heard whether new samples are the reason
   */
  record Look(String rule, Backfill.Instants late, long at, boolean heard, boolean idle) {}

  private final Map<String, Times> byRule = new HashMap<>();

  /**
   * Only these rules are decided from now on. One that asks for something else than before is new:
   * the newest sample of other metrics says nothing of its own.
   *
   * @param since what came before is not gone back to for a rule that is new
   */
  public synchronized void follow(Map<String, RuleBook.ExpressionRule> rules, long since) {
    byRule.keySet().retainAll(rules.keySet());
    rules.forEach((name, rule) -> {
      String expression = rule.rule().expression();
      Times known = byRule.get(name);
      if (known == null || !Objects.equals(known.expression, expression)) {
        byRule.put(name, new Times(expression, since));
      }
    });
  }

  /** Until then everything was decided, as in the life before a restart. */
  public synchronized void decided(long until) {
    byRule.values().forEach(times -> times.backfill.decided(until));
  }

  /**
   * Samples are stored.
   *
   * @return the rules that they concern
   */
  public Set<String> heard(RuleBook rules, ServiceRegistry.Touched touched, long now) {
    Set<String> concerned = rules.concernedBy(touched.metrics());
    for (String name : concerned) {
      RuleBook.ExpressionRule rule = rules.onExpressions().get(name);
      if (rule != null) {
        heard(name, touched.of(rule.metrics()), now);
      }
    }
    return concerned;
  }

  synchronized void heard(String rule, ServiceRegistry.Span samples, long now) {
    Times times = byRule.get(rule);
    if (times == null) {
      return;
    }
    times.heard = true;
    if (samples.newest() >= times.newest) {
      times.newest = samples.newest();
      times.arrived = now;
    }
    times.backfill.heard(samples.oldest(), samples.newest(), now);
  }

  /** Samples of unknown metrics and times are stored. */
  public synchronized void missed() {
    byRule.values().forEach(times -> times.backfill.missed());
  }

  /**
   * Nothing came later than now, and no sample is newer: who sent it may have been put back too.
   */
  public synchronized void clockPutBack(long now) {
    for (Times times : byRule.values()) {
      times.newest = Math.min(times.newest, now);
      times.arrived = Math.min(times.arrived, now);
      times.backfill.clockPutBack(now);
    }
  }

  /**
   * The rules whose samples that came late have waited long enough, and those that were not looked
   * at for a while: time itself can make or end a breach, as with absent(). The next look of these
   * is at the newest sample and the time since it came, so that a sender that is behind is not
   * taken for one that is silent.
   *
   * @param since when samples could be heard: no time passes without them before that
   */
  public synchronized Set<String> due(long since, long now) {
    Set<String> due = new HashSet<>();
    byRule.forEach((rule, times) -> {
      if (times.isIdle(since, now)) {
        times.idle = true;
        due.add(rule);
      }
      if (times.backfill.isDue(now)) {
        due.add(rule);
      }
    });
    return due;
  }

  /** Whether {@link #due} would name one that was not looked at for a while. */
  public synchronized boolean anyIdle(long since, long now) {
    return byRule.values().stream().anyMatch(times -> times.isIdle(since, now));
  }

  /** The rule was not looked at, and is not to be until it has been idle for a while again. */
  public synchronized void passedOver(String rule, long now) {
    Times times = byRule.get(rule);
    if (times != null) {
      times.lookedAt = now;
    }
  }

  /**
   * The instants to look at now, unless they are to wait, until {@link #done} or {@link #again}.
   *
   * @param begin what time it is for a rule of whose metrics no sample was heard yet
   */
  synchronized Look next(String rule, LongSupplier begin, long now) {
    Times times = byRule.get(rule);
    if (times != null) {
      times.lookedAt = now;
    }
    if (times == null || times.newest == NEVER) {
      return new Look(rule, Backfill.Instants.NO, begin.getAsLong(), false, false);
    }
    boolean passes = times.idle && !times.heard;
    long at = times.newest + (passes ? Math.max(0, now - times.arrived) : 0);
    Backfill.Instants late = times.heard ? times.backfill.before(at, now) : Backfill.Instants.NO;
    Look look = new Look(rule, late, at, times.heard, times.idle);
    if (!late.waits()) {
      times.heard = false;
      times.idle = false;
    }
    return look;
  }

  /** The rule was decided at all these instants. */
  synchronized void done(Look look) {
    Times times = byRule.get(look.rule());
    if (times != null && look.heard()) {
      times.backfill.decided(look.at());
    }
  }

  /** It could not be decided: the next look is for the same samples too. */
  synchronized void again(Look look) {
    Times times = byRule.get(look.rule());
    if (times != null) {
      times.heard |= look.heard();
      times.idle |= look.idle();
      times.backfill.again(look.late());
    }
  }
}
