package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two rules whose samples come all the time, on a clock that only the store moves on. */
class TurnsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Work QUICK = new Work.OfRule("quick");
  private static final Work SLOW = new Work.OfRule("slow");

  private final Map<String, Long> costs = new HashMap<>();
  private final Map<Work, Long> spent = new HashMap<>();
  private final Map<Work, Integer> times = new HashMap<>();
  private long nanos = 7;
  private long longestWait;

  /** Reading a series takes what is said of its name, and a rule is asked for meanwhile. */
  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public List<Samples> read(List<Series> of, long from, long to, long maxSamples) {
          of.forEach(series -> nanos += costs.get(series.labels().getOrEmpty("__name__")));
          turns.ask(QUICK);
          turns.ask(SLOW);
          return super.read(of, from, to, maxSamples);
        }
      };

  private final Turns turns = new Turns(() -> nanos);
  private QueryEngine engine;

  @BeforeEach
  void samples() {
    store.row("quick", 0, 1, 1).row("slow", 0, 1, 1);
    costs.put("quick", MILLI);
    engine =
        new QueryEngine(store, QueryLimits.DEFAULT, () -> nanos)
            .under(QueryLimits.ofWorker(Duration.ofSeconds(1), 320 << 20));
  }

  private void workUntil(long end) throws InterruptedException {
    long quick = nanos;
    while (nanos < end) {
      turns.ask(QUICK);
      turns.ask(SLOW);
      Work work = turns.next(0);
      if (work == null) {
        nanos += MILLI;
        continue;
      }
      long begin = nanos;
      if (work.equals(QUICK)) {
        longestWait = Math.max(longestWait, begin - quick);
        quick = begin;
      }
      try {
        engine.instant(Parser.parse(((Work.OfRule) work).rule() + " + 0"), 1_000);
        turns.done(work, begin);
      } catch (QueryException e) {
        assertThat(e.isTooMuch()).isTrue();
        turns.failed(work, begin, true);
      }
      spent.merge(work, nanos - begin, Long::sum);
      times.merge(work, 1, Integer::sum);
    }
  }

  @Test
  void areNotHeldUpByARuleThatTakesNineTenthsOfASecond() throws InterruptedException {
    costs.put("slow", 900 * MILLI);

    workUntil(600 * SECOND);

    assertThat(spent.get(SLOW)).as("30 s, 1 s lent, the last").isBetween(25 * SECOND, 32 * SECOND);
    assertThat(longestWait).isLessThan(SECOND);
    assertThat(times.get(QUICK)).isGreaterThan(10_000);
  }

  @Test
  void areNotHeldUpByARuleThatNeverHasAnAnswerInTime() throws InterruptedException {
    costs.put("slow", 1_001 * MILLI);

    workUntil(600 * SECOND);

    assertThat(times.get(SLOW)).as("1, 20, 20, 20, 20, 32, then 60 s apart").isBetween(10, 14);
    assertThat(longestWait).isLessThan(1_100 * MILLI);
  }

  @Test
  void tryARuleThatWasMendedAtOnce() throws InterruptedException {
    costs.put("slow", 1_001 * MILLI);
    workUntil(300 * SECOND);
    int before = times.get(SLOW);

    costs.put("slow", MILLI);
    turns.forget(SLOW);
    workUntil(nanos + 100 * MILLI);

    assertThat(times.get(SLOW)).isGreaterThan(before);
  }

  @Test
  void askAgainInASecondForWhatCouldNotBeDone() throws InterruptedException {
    turns.ask(QUICK);
    assertThat(turns.next(0)).isEqualTo(QUICK);
    turns.failed(QUICK, nanos, false);

    assertThat(turns.waiting()).isEqualTo(1);
    assertThat(turns.next(0)).isNull();
    nanos += SECOND;
    assertThat(turns.next(0)).isEqualTo(QUICK);
  }
}
