package dev.watchtower.ingest.doors;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The upper bounds that exponential histograms of one metric are stored with. They follow from the
 * metric's name alone and are the same for each of its series, whatever values it has had: {@code
 * sum by (le)} adds up the series that have a bound, and {@code rate} needs the count that a bound
 * had before. Powers of 2; for times powers of its square root where services usually are. Every
 * bound is also one of a sender whose scale is 1 or finer, so that counts are exact. Immutable.
 */
final class BucketBounds {
  /** By how many octaves a second is more than one, in the unit; a thousand is taken for 2^10. */
  private static final Map<String, Integer> UNITS_OF_TIME =
      Map.of("seconds", 0, "milliseconds", 10, "microseconds", 20, "nanoseconds", 30);

  private static final Map<Integer, BucketBounds> TIMES =
      Map.of(0, time(0), 10, time(10), 20, time(20), 30, time(30));

  /** To a tebibyte. */
  private static final BucketBounds BYTES = new BucketBounds(octaves(0, 40));

  /** From a millionth to a million millions. */
  private static final BucketBounds OTHERS = new BucketBounds(octaves(-20, 40));

  /** Ascending; each stands for 2 to the power of half of it. */
  private final int[] halves;

  private BucketBounds(IntStream halves) {
    this.halves = halves.toArray();
  }

  /** The bounds of a metric, by the unit that its name ends with. */
  static BucketBounds of(String metric) {
    var from = metric.length();
    while (from > 0 && Character.isLetter(metric.charAt(from - 1))) {
      from--;
    }
    var unit = metric.substring(from);
    var shift = UNITS_OF_TIME.get(unit);
    if (shift != null) {
      return TIMES.getOrDefault(shift, OTHERS);
    }
    return unit.equals("bytes") ? BYTES : OTHERS;
  }

  /** A microsecond to 18 hours; finer from a millisecond to a minute. */
  private static BucketBounds time(int shift) {
    var fine = IntStream.range(2 * (shift - 10), 2 * (shift + 6));
    return new BucketBounds(
        IntStream.concat(
            octaves(shift - 20, shift - 11),
            IntStream.concat(fine, octaves(shift + 6, shift + 16))));
  }

  private static IntStream octaves(int first, int last) {
    return IntStream.rangeClosed(first, last).map(octave -> 2 * octave);
  }

  /** How many there are. */
  int size() {
    return halves.length;
  }

  /**
   * A bound, the lowest at 0. Made of a root that is exact to the last bit, so that it is the same
   * number, and text, on each machine.
   */
  double at(int place) {
    var half = halves[place];
    return Math.scalb((half & 1) == 0 ? 1 : Math.sqrt(2), half >> 1);
  }

  /**
   * The lowest bound that is at or above a value; their number if none is.
   *
   * @param half stands for 2 to the power of half of it
   */
  int atOrAbove(long half) {
    var found = Arrays.binarySearch(halves, Math.clamp(half, -100_000, 100_000));
    return found >= 0 ? found : -found - 1;
  }

  /** The highest bound that is at or below a value; -1 if none is. */
  int atOrBelow(long half) {
    var found = atOrAbove(half);
    return found < halves.length && halves[found] == half ? found : found - 1;
  }
}
