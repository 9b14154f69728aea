package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Times are hours. */
class RetentionClockTest {
  private static final long HOUR = 3_600_000;
  private static final long NONE = RetentionClock.NO_SAMPLE / HOUR;

  private long passed;
  private final RetentionClock clock =
      new RetentionClock(Duration.ofDays(1), () -> Duration.ofHours(passed).toNanos());

  private long now(long clockSays, long endOfNewestDay) {
    var end = endOfNewestDay == NONE ? RetentionClock.NO_SAMPLE : endOfNewestDay * HOUR;
    return clock.now(clockSays * HOUR, end) / HOUR;
  }

  @Test
  void goesByTheClockButNoFurtherThanTheNewestDay() {
    assertThat(now(10, 24)).isEqualTo(10);
    assertThat(now(30, 24)).isEqualTo(24);
    assertThat(now(30, 48)).isEqualTo(30);
    assertThat(now(20, 48)).isEqualTo(20);
    assertThat(now(40, NONE)).isEqualTo(40);
  }

  @Test
  void doesNotBelieveWhatIsFarAheadUntilItHasBeenSoForADay() {
    clock.begin(24 * HOUR);
    // Samples came that have the same wrong time.
    assertThat(now(9000, 9024)).isEqualTo(24);
    passed += 23;
    assertThat(now(9023, 9024)).isEqualTo(24);
    passed += 1;
    assertThat(now(9024, 9024)).isEqualTo(9024);
    assertThat(now(9047, 9048)).isEqualTo(9047);
  }

  @Test
  void beginsToDoubtAnew() {
    clock.begin(24 * HOUR);
    assertThat(now(9000, 9024)).isEqualTo(24);
    passed += 1;
    assertThat(now(12, 9024)).as("the clock is right again").isEqualTo(12);
    passed += 23;
    assertThat(now(9024, 9024)).isEqualTo(24);
  }

  @Test
  void takesTheFirstTimeThatItIsToldWhereNothingWasStored() {
    clock.begin(RetentionClock.NO_SAMPLE);
    assertThat(now(9000, NONE)).isEqualTo(9000);
  }

  @Test
  void doesNotTakeWhatCameSinceForWhatWasThere() {
    clock.begin(24 * HOUR);
    // Opened anew.
    clock.begin(9024 * HOUR);
    assertThat(now(9000, 9024)).isEqualTo(24);
  }

  @Test
  void believesADayMoreWhereNoSampleFindsRoom() {
    clock.begin(24 * HOUR);
    assertThat(clock.nowWithoutSamples(72 * HOUR + 1)).isEqualTo(24 * HOUR);
    assertThat(clock.nowWithoutSamples(72 * HOUR)).isEqualTo(72 * HOUR);
  }

  private long room(long clockSays) {
    return clock.nowWithoutSamples(clockSays * HOUR) / HOUR;
  }

  @Test
  void makesRoomAnHourAfterAPauseOfDaysThoughNoSampleIsNew() {
    clock.begin(24 * HOUR);
    assertThat(now(100, 24)).isEqualTo(24);
    assertThat(room(100)).isEqualTo(24);
    assertThat(now(100, 24)).as("the hourly run, content with the newest day").isEqualTo(24);
    passed += 1;
    assertThat(room(101)).isEqualTo(101);
    assertThat(now(101, 120)).as("but drops nothing by that").isEqualTo(24);
    passed += 22;
    assertThat(now(123, 144)).isEqualTo(24);
    passed += 1;
    assertThat(now(124, 144)).isEqualTo(124);
  }

  @Test
  void doubtsAnewAClockThatGoesFarAheadOnceMore() {
    clock.begin(24 * HOUR);
    assertThat(room(100)).isEqualTo(24);
    passed += 30;
    assertThat(now(9000, 9024)).isEqualTo(24);
    assertThat(room(9000)).isEqualTo(24);
    passed += 24;
    assertThat(now(9024, 9024)).isEqualTo(9024);
  }

  @Test
  void makesNoRoomForWhatTwoShortLeapsAdd() {
    clock.begin(24 * HOUR);
    assertThat(room(9000)).isEqualTo(24);
    assertThat(room(24)).isEqualTo(24);
    passed += 1;
    assertThat(room(9001)).isEqualTo(24);
  }
}
