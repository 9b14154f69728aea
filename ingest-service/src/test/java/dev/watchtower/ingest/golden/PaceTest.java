package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void restsTwentyTimesWhatTheWorkTookWithinBounds() {
    Pace pace = new Pace(0);

    assertThat(pace.stretched(MILLI)).isEqualTo(50 * MILLI);
    assertThat(pace.stretched(10 * MILLI)).isEqualTo(200 * MILLI);
    assertThat(pace.stretched(SECOND)).isEqualTo(SECOND);
  }

  @Test
  void takesNoMoreThanItsShareOfAFloodOverTime() {
    Pace pace = new Pace(0);
    double share = 1;
    // 500 services that are asked for all the time, 1 ms each.
    for (int second = 1; second <= 30; second++) {
      long rest = pace.stretched(MILLI);
      double done = Math.min(1_000, 500.0 * SECOND / rest);
      for (int i = 1; i < done; i++) {
        rest = pace.stretched(MILLI);
      }
      pace.review(second * SECOND);
      share = done / 1_000;
    }

    assertThat(share).isBetween(Pace.SHARE * 0.5, Pace.SHARE * 1.2);
  }

  @Test
  void isAsQuickAsBeforeAFewSecondsAfterTheFlood() {
    Pace pace = new Pace(0);
    for (int second = 1; second <= 10; second++) {
      pace.stretched(SECOND);
      pace.review(second * SECOND);
    }
    assertThat(pace.stretched(10 * MILLI)).isEqualTo(5 * SECOND);

    for (int second = 11; second <= 17; second++) {
      pace.review(second * SECOND);
    }
    assertThat(pace.stretched(10 * MILLI)).isEqualTo(200 * MILLI);
  }

  @Test
  void neverStretchesWhatIsUrgent() {
    assertThat(Pace.urgent(MILLI)).isEqualTo(50 * MILLI);
    assertThat(Pace.urgent(10 * SECOND)).isEqualTo(SECOND);
  }
}
