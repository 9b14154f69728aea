package dev.watchtower.ingest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordedFleetTest {
  private static final int ROWS = 1_000;
  private static final int WEAK = 800;

  /** Services of three metrics, of which all are a little off in one row. */
  private static List<Recording> services(int count, int rows, double off) {
    List<Recording> services = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      Random noise = new Random(s);
      double[][] values = new double[rows][3];
      for (int row = 0; row < rows; row++) {
        for (int m = 0; m < 3; m++) {
          values[row][m] = noise.nextGaussian() + (row >= WEAK && row < WEAK + 4 ? off : 0);
        }
      }
      long[] millis = IntStream.range(0, rows).mapToLong(row -> row * 300_000L).toArray();
      List<String> stamps = IntStream.range(0, rows).mapToObj(Integer::toString).toList();
      services.add(new Recording("s" + s, "row", stamps, millis, values));
    }
    return services;
  }

  private static double best(double[] scores, int from, int to) {
    return Arrays.stream(scores, from, to).max().orElseThrow();
  }

  @Test
  void seesNothingThatIsStillToCome() {
    List<double[]> all = RecordedFleet.scores(services(5, ROWS, 5));
    List<double[]> cut = RecordedFleet.scores(services(5, WEAK + 1, 5));

    for (int s = 0; s < 5; s++) {
      assertThat(cut.get(s)).isEqualTo(Arrays.copyOf(all.get(s), WEAK + 1));
    }
  }

  @Test
  void whatIsWeakInManyIsStrongTogether() {
    double[] alone = RecordedFleet.scores(services(1, ROWS, 1.2)).getFirst();
    double[] together = RecordedFleet.scores(services(12, ROWS, 1.2)).getFirst();

    assertThat(above(alone)).as("passes for noise").isLessThan(0.02);
    assertThat(above(together)).isGreaterThan(0.04);
  }

  /** By how much the weak rows stand out; the first few hundred rows are all new. */
  private static double above(double[] scores) {
    return best(scores, WEAK, WEAK + 8) - best(scores, 500, WEAK);
  }

  @Test
  void takesServicesOfOtherLengthsAndTimes() {
    List<Recording> services = new ArrayList<>(services(2, 50, 0));
    services.addAll(services(1, 0, 0));
    Recording odd = services.get(1);
    long[] millis = odd.millis().clone();
    // A clock that was put back: the same time comes twice, and one that is earlier.
    millis[20] = millis[19];
    millis[21] = millis[18];
    services.set(1, new Recording(odd.file(), odd.axis(), odd.stamps(), millis, odd.values()));

    assertThat(RecordedFleet.scores(services)).extracting(s -> s.length).containsExactly(50, 50, 0);
  }
}
