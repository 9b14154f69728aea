package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Rests<String> rests = new Rests<>(300 * SECOND);
  private long now = 5;

  /** Does it as soon as it has rested; how long it took and rested together. */
  private long done(long cost, long usual) {
    long begin = rests.until("a", now);
    rests.done("a", begin, begin + cost, usual);
    now = begin + cost;
    return rests.until("a", now) - begin;
  }

  private long tookTooMuch(long cost) {
    long begin = rests.until("a", now);
    now = begin + cost;
    rests.tookTooMuch("a", begin, now, SECOND);
    return rests.until("a", now) - now;
  }

  @Test
  void leavesCheapWorkItsUsualRest() {
    for (int i = 0; i < 100; i++) {
      assertThat(done(50 * MILLI, SECOND)).isEqualTo(SECOND);
    }
    assertThat(rests.until("b", now)).as("other work").isEqualTo(now);
  }

  @Test
  void forgivesAMachineThatStoodStill() {
    done(MILLI, 50 * MILLI);
    now += 20 * SECOND;

    assertThat(done(SECOND, SECOND)).isEqualTo(SECOND);
    assertThat(done(MILLI, 50 * MILLI)).as("little is owed").isLessThan(100 * MILLI);
  }

  @Test
  void givesExpensiveWorkOnePartInTwenty() {
    long spent = 0;
    long start = now;
    for (int i = 0; i < 30; i++) {
      done(700 * MILLI, SECOND);
      spent += 700 * MILLI;
    }

    // A second is lent, and the rest after the last time is not over.
    assertThat(spent * Rests.SHARE).isLessThanOrEqualTo(now - start + 20 * SECOND + 14 * SECOND);
    assertThat(done(700 * MILLI, SECOND)).isEqualTo(14 * SECOND);
  }

  @Test
  void restsNoLongerThanTheLongestRest() {
    assertThat(done(3_600 * SECOND, SECOND)).isEqualTo(3_900 * SECOND);
  }

  @Test
  void restsTwiceAsLongEachTimeWorkTakesTooMuchUntilItHasAResult() {
    // Next to nothing is owed: this is the price of having no result.
    for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(tookTooMuch(MILLI)).isEqualTo(seconds * SECOND);
    }

    done(MILLI, SECOND);
    assertThat(tookTooMuch(MILLI)).isEqualTo(SECOND);
  }

  @Test
  void forgetsHowItRested() {
    tookTooMuch(SECOND);
    rests.forget("a");
    assertThat(rests.until("a", now)).isEqualTo(now);

    tookTooMuch(SECOND);
    rests.keep(work -> !work.equals("a"));
    assertThat(rests.until("a", now)).isEqualTo(now);
  }
}
