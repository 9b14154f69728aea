package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesDetectorTest {
  private static final long STEP = 300_000;
  private static final int DAY = 288;

  private final Random noise = new Random(7);

  /** The rows at which it alarms. */
  private static List<Integer> alarms(int rows, IntToDoubleFunction series) {
    SeriesDetector detector = new SeriesDetector();
    List<Integer> alarms = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      if (detector.observe(i * STEP, series.applyAsDouble(i)).alarm()) {
        alarms.add(i);
      }
    }
    return alarms;
  }

  @Test
  void alarmsAtTheValueThatJumps() {
    assertThat(alarms(2000, i -> (i >= 1500 ? 60 : 10) + noise.nextGaussian())).contains(1500);
  }

  @Test
  void alarmsOnceForALevelThatStays() {
    List<Integer> alarms = alarms(2500, i -> (i >= 1500 ? 60 : 10) + noise.nextGaussian());

    assertThat(alarms.stream().filter(i -> i >= 1500)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void isRarelyWrongAboutNoiseAndNeverAboutAConstant() {
    assertThat(alarms(5000, i -> 10 + noise.nextGaussian())).hasSizeLessThanOrEqualTo(10);
    assertThat(alarms(3000, i -> 42)).isEmpty();
  }

  @Test
  void isWrongAboutNoiseOnceInAThousandValuesOnAverage() {
    int alarms = 0;
    for (int i = 0; i < 20; i++) {
      alarms += alarms(3000, _ -> noise.nextGaussian()).size();
    }

    assertThat(alarms).isLessThanOrEqualTo(80);
  }

  @Test
  void keepsStillAtADailyPeakItHasLearnt() {
    List<Integer> alarms = alarms(14 * DAY, i -> i % DAY / 24 == 9 ? 80 : 20);

    assertThat(alarms).allMatch(i -> i < 3 * DAY);
  }

  @Test
  void alarmsOnADayThatDoesNotCome() {
    int missing = 10 * DAY;
    List<Integer> alarms =
        alarms(
            14 * DAY,
            i -> {
              double height = i >= missing && i < missing + DAY ? 0.05 : 1;
              double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / DAY);
              return 10 + 50 * height * wave * wave + 2 * noise.nextGaussian();
            });

    assertThat(alarms).anyMatch(i -> i >= missing && i < missing + DAY * 3 / 4);
  }

  @Test
  void alarmsOnAValueThatIsStuckWhereItUsuallyIs() {
    List<Integer> alarms =
        alarms(4000, i -> i >= 3000 && i < 3200 ? 10 : 10 + noise.nextGaussian());

    assertThat(alarms).anyMatch(i -> i >= 3000 && i < 3200);
  }

  @Test
  void isSilentAtStartUpAndOnValuesThatSayNothing() {
    assertThat(alarms(SeriesDetector.START_UP - 1, i -> noise.nextGaussian() * i)).isEmpty();
    assertThat(alarms(1000, i -> Double.NaN)).isEmpty();
  }

  @Test
  void valuesBeyondAllMeasureAreOnlyVeryUnusual() {
    double[] far = {1e39, -1e300, Double.MAX_VALUE, -Double.MAX_VALUE, 3e38};
    SeriesDetector detector = new SeriesDetector();
    for (int i = 0; i < 1_500; i++) {
      Reading reading =
          detector.observe(i * STEP, i < 1_000 ? noise.nextGaussian() : far[i % far.length]);

      assertThat(reading.score()).isBetween(0.0, 1.0);
      assertThat(reading.surprise()).isFinite();
      assertThat(i != 1_000 || reading.alarm()).isTrue();
    }
    SeriesDetector onlyFar = new SeriesDetector();
    for (int i = 0; i < 1_500; i++) {
      assertThat(onlyFar.observe(i * STEP, far[noise.nextInt(far.length)]).surprise()).isFinite();
    }
  }

  @Test
  void saysTheSameTwice() {
    double[] values = IntStream.range(0, 3000).mapToDouble(i -> noise.nextGaussian()).toArray();
    SeriesDetector once = new SeriesDetector();
    SeriesDetector twice = new SeriesDetector();

    for (int i = 0; i < values.length; i++) {
      assertThat(twice.observe(i * STEP, values[i])).isEqualTo(once.observe(i * STEP, values[i]));
    }
  }
}
