package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SeasonTest {
  private static final long STEP = 900_000;
  private static final int DAY = 96;

  private final Random noise = new Random(11);

  /** The highest surprise from a row on. */
  private static double highest(int rows, int from, IntToDoubleFunction series) {
    Season season = new Season();
    Neighbourhood near = new Neighbourhood();
    double highest = 0;
    for (int i = 0; i < rows; i++) {
      double value = series.applyAsDouble(i);
      season.guess(i * STEP, STEP);
      near.add(value, 0, 1, 1, season.distance(i * STEP, value, 0.01));
      highest = i < from ? highest : Math.max(highest, season.surprise(near));
      season.learn(i * STEP, value, near, 1, 0.01);
    }
    return highest;
  }

  private double rhythm(int row) {
    return 1 - Math.cos(2 * Math.PI * row / DAY) + 0.1 * noise.nextGaussian();
  }

  @Test
  void aProfileKnowsATimeFromTheSecondRoundOnAndKnowsSlopes() {
    SeasonProfile profile = new SeasonProfile(4_000, 4);
    for (long at = 0; at < 4_000; at += 500) {
      assertThat(profile.knows(at)).isFalse();
      profile.learn(at, at / 1_000 * 10);
    }
    profile.learn(4_000, 0);

    assertThat(profile.knows(4_500)).isTrue();
    assertThat(profile.usual(5_500)).as("the middle of a part").isEqualTo(10);
    assertThat(profile.usual(5_750)).as("on the way to the next").isEqualTo(12.5);
    assertThat(profile.distance(5_750, 18)).as("on the slope between them").isZero();
    assertThat(profile.distance(5_750, 23)).as("above it").isEqualTo(3);
    assertThat(profile.distance(5_250, 23)).as("above the slope before").isEqualTo(13);
  }

  @Test
  void aDayThatDoesNotComeIsSurprising() {
    double usual = highest(8 * DAY, 3 * DAY, this::rhythm);
    double missing = highest(8 * DAY, 7 * DAY, i -> i < 7 * DAY ? rhythm(i) : 0);

    assertThat(usual).isLessThan(2.5);
    assertThat(missing).isGreaterThan(usual + 0.5);
  }

  @Test
  void quietWeekendsAreNoSurpriseOnceTheyAreKnown() {
    IntToDoubleFunction weeks = i -> (i / DAY % 7 >= 5 ? 0.3 : 1) * rhythm(i);

    assertThat(highest(42 * DAY, 35 * DAY, weeks)).isLessThan(highest(7 * DAY, 5 * DAY, weeks));
  }

  @Test
  void keepsStillWhereThereIsNoRhythm() {
    assertThat(highest(8 * DAY, 0, _ -> noise.nextGaussian())).isZero();
  }

  @Test
  void theNeighbourhoodTellsOutlinesAndRepeats() {
    Neighbourhood near = new Neighbourhood();
    for (int i = 0; i < 12; i++) {
      near.add(i / 4, 0, 1, 1, i);
    }
    double[] blocks = new double[3];
    near.blocks(blocks, 4);

    assertThat(blocks).containsExactly(2, 1, 0);
    assertThat(near.repeats()).isEqualTo(3);
    assertThat(near.unseasonal(0)).isEqualTo(9.5);
    near.add(7, 0, 1, 1, 0);
    assertThat(near.repeats()).isZero();
  }
}
