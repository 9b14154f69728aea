package dev.watchtower.analysis.ranking;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds whether, when and how surprisingly a series left its usual range.
 *
 * <p>Centre and scale come from the quiet part and are robust, as in BARO (Pham et al., FSE 2024),
 * so that a quiet part that already holds some of the trouble does no harm. Other than there the
 * statistic is the most extreme <em>sustained</em> value (several points in a row on one side), and
 * its surprise is calibrated on the quiet part's own sustained extremes with an exponential tail,
 * so that spiky, sparse and constant series do not win by a large ratio.
 */
public final class DeviationDetector {
  /** Fewer quiet values than this say nothing about what is usual. */
  private static final int LEAST_QUIET = 8;

  /** A change below this many scales is never a deviation. */
  private static final double LEAST_SIGMAS = 3;

  /** A surprise below this (one in a thousand) is never a deviation. */
  private static final double LEAST_SURPRISE = Math.log(1_000);

  /** The quiet part is searched for earlier trouble in this many blocks. */
  private static final int EPISODE_BLOCKS = 40;

  /** A block whose median is this many scales away was in trouble. */
  private static final double EPISODE_SIGMAS = 6;

  /** Where the tail of the quiet part begins. */
  private static final double TAIL = 0.9;

  /** The tail is never taken for lighter than this, in scales per factor e. */
  private static final double LIGHTEST_TAIL = 0.5;

  /** A change below this share of the usual value is noise whatever the spread. */
  private static final double RELATIVE_FLOOR = 0.02;

  /** In an unknown unit a series that never moved counts its first move as this many scales. */
  private static final double CONSTANT_JUMP = 20;

  /**
   * Usual for this long before the incident showed: what was before is over. Rules, steps and
   * smoothing blur when it showed by a few seconds, and what flaps faster goes on.
   */
  private static final Duration OVER = Duration.ofSeconds(10);

  /** Fewer do not tell how often a series has a new value. */
  private static final int LEAST_CHANGES = 5;

  /** The deviation of the series in the window, if there is one. */
  public Optional<Deviation> detect(Series series, Window window) {
    return measure(series, window).filter(DeviationDetector::isClear);
  }

  /** Whether a measured deviation is more than chance. */
  public static boolean isClear(Deviation deviation) {
    return deviation.sigmas() >= LEAST_SIGMAS && deviation.surprise() >= LEAST_SURPRISE;
  }

  /**
   * How far the series went from its usual range, be it ever so little; without what was over
   * before the incident showed.
   */
  public Optional<Deviation> measure(Series series, Window window) {
    return look(series, window)
        .flatMap(look ->
            look.deviation(
                new Part(look.over(1), look.z.length), new Part(look.over(-1), look.z.length)));
  }

  /** What left its usual range clearly and was back in it before the incident showed. */
  public Optional<Episode> over(Series series, Window window) {
    return look(series, window)
        .flatMap(look -> {
          int up = look.over(1);
          int down = look.over(-1);
          return look.deviation(new Part(0, up), new Part(0, down))
              .filter(DeviationDetector::isClear)
              .map(d -> new Episode(d, look.ended(d)));
        });
  }

  /** The median of the series' quiet part, where enough of it was seen. */
  public Optional<Double> usual(Series series, Window window) {
    var quiet = slice(series, window.quietFrom(), window.quietTo()).values;
    var suspect = slice(series, window.suspectFrom(), window.to().plusMillis(1)).values;
    return quiet.length < LEAST_QUIET
        ? Optional.empty()
        : Optional.of(Robust.spread(calm(series, quiet, suspect), 0).median());
  }

  private static Optional<Look> look(Series series, Window window) {
    var quiet = slice(series, window.quietFrom(), window.quietTo());
    var suspect = slice(series, window.suspectFrom(), window.to().plusMillis(1));
    if (quiet.values.length < LEAST_QUIET || suspect.values.length < 2) {
      return Optional.empty();
    }
    double[] calm = calm(series, quiet.values, suspect.values);
    var spread = Robust.spread(calm, floor(series, calm, suspect.values));
    return Optional.of(
        new Look(
            series,
            window.opened(),
            Math.max(OVER.toMillis(), 2 * hold(series)),
            suspect,
            spread,
            scaled(calm, spread),
            scaled(suspect.values, spread)));
  }

  /**
   * How long one sample stands for, in milliseconds: a gauge that is scraped every 15 s is seen
   * each second, and one good sample must not pass for a stretch of them. The least time between
   * two changes; 0 where too few changes tell.
   */
  private static long hold(Series series) {
    long least = Long.MAX_VALUE;
    long changed = -1;
    int changes = 0;
    for (int i = 1; i < series.values().length; i++) {
      double before = series.values()[i - 1];
      double value = series.values()[i];
      if (Double.isNaN(before) || Double.isNaN(value)) {
        changed = -1;
      } else if (value != before) {
        least = changed < 0 ? least : Math.min(least, series.millis()[i] - changed);
        changed = series.millis()[i];
        changes++;
      }
    }
    return changes < LEAST_CHANGES || least == Long.MAX_VALUE ? 0 : least;
  }

  /**
   * The quiet part without stretches in which the series was in trouble already: an incident a few
   * minutes ago must not make the same again look usual. Single spikes stay: they are usual.
   */
  private static double[] withoutEpisodes(double[] quiet, Robust.Spread whole) {
    int block = Math.max(5, quiet.length / EPISODE_BLOCKS);
    int blocks = Math.ceilDiv(quiet.length, block);
    boolean[] trouble = new boolean[blocks + 2];
    for (int b = 0; b < blocks; b++) {
      var part = Arrays.copyOfRange(quiet, b * block, Math.min(quiet.length, (b + 1) * block));
      trouble[b + 1] = Math.abs(whole.z(Robust.spread(part, 0).median())) > EPISODE_SIGMAS;
    }
    double[] kept = new double[quiet.length];
    int count = 0;
    for (int i = 0; i < quiet.length; i++) {
      int b = i / block + 1;
      // The neighbours hold the ends of the trouble.
      if (!trouble[b - 1] && !trouble[b] && !trouble[b + 1]) {
        kept[count++] = quiet[i];
      }
    }
    return count < quiet.length / 2 ? quiet : Arrays.copyOf(kept, count);
  }

  private static double[] calm(Series series, double[] quiet, double[] suspect) {
    return withoutEpisodes(quiet, Robust.spread(quiet, floor(series, quiet, suspect)));
  }

  private static double floor(Series series, double[] quiet, double[] suspect) {
    double median = Robust.spread(quiet, 0).median();
    double floor = RELATIVE_FLOOR * Math.abs(median);
    if (series.unit() == Series.Unit.GOLDEN) {
      return Math.max(1e-9, Math.max(floor, series.type().absoluteFloor()));
    }
    double jump = 0;
    for (double value : suspect) {
      jump = Math.max(jump, Math.abs(value - median));
    }
    return Math.max(1e-12, Math.max(floor, jump / CONSTANT_JUMP * constancy(quiet, median)));
  }

  /** 1 when the quiet part never moved, 0 when most of its values differ from the median. */
  private static double constancy(double[] quiet, double median) {
    int same = 0;
    for (double value : quiet) {
      if (Math.abs(value - median) <= 1e-9 * Math.max(1, Math.abs(median))) {
        same++;
      }
    }
    double share = (double) same / quiet.length;
    return share <= 0.5 ? 0 : (share - 0.5) * 2;
  }

  private static double[] scaled(double[] values, Robust.Spread spread) {
    double[] z = new double[values.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = spread.z(values[i]);
    }
    return z;
  }

  /** The largest value that is reached on one side for {@code run} points in a row. */
  private static Peak sustained(double[] z, Part part, int run, int side) {
    double best = 0;
    int at = part.from;
    for (int i = part.from; i + run <= part.to; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int j = i; j < i + run; j++) {
        least = Math.min(least, side * z[j]);
      }
      if (least > best) {
        best = least;
        at = i;
      }
    }
    return new Peak(best, at);
  }

  private static double[] quietExtremes(double[] z, int run, int side) {
    double[] extremes = new double[Math.max(1, z.length - run + 1)];
    for (int i = 0; i + run <= z.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int j = i; j < i + run; j++) {
        least = Math.min(least, side * z[j]);
      }
      extremes[i] = Math.max(0, least);
    }
    Arrays.sort(extremes);
    return extremes;
  }

  /** Minus the logarithm of the chance, by an exponential tail fitted to the quiet extremes. */
  private static double surprise(double size, double[] sortedExtremes) {
    double tailFrom = Math.max(1, Robust.quantile(sortedExtremes, TAIL));
    double excess = 0;
    int count = 0;
    for (double extreme : sortedExtremes) {
      if (extreme > tailFrom) {
        excess += extreme - tailFrom;
        count++;
      }
    }
    double decay = Math.max(LIGHTEST_TAIL, count == 0 ? 0 : excess / count);
    double atTail = -Math.log(1 - TAIL);
    return size <= tailFrom ? atTail * size / tailFrom : atTail + (size - tailFrom) / decay;
  }

  /** The first point of the stretch of unusual values that leads to the peak. */
  private static int onset(double[] z, int from, int peak, int side) {
    int first = peak;
    int misses = 0;
    for (int i = peak - 1; i >= from && misses < 2; i--) {
      if (side * z[i] >= LEAST_SIGMAS) {
        first = i;
        misses = 0;
      } else {
        misses++;
      }
    }
    return first;
  }

  private static double persistence(double[] z, int from, int to, int side) {
    int unusual = 0;
    for (int i = from; i < to; i++) {
      if (side * z[i] >= LEAST_SIGMAS) {
        unusual++;
      }
    }
    return (double) unusual / (to - from);
  }

  private static Slice slice(Series series, Instant from, Instant to) {
    long first = from.toEpochMilli();
    long end = to.toEpochMilli();
    long[] millis = new long[series.millis().length];
    double[] values = new double[millis.length];
    int count = 0;
    for (int i = 0; i < millis.length; i++) {
      long at = series.millis()[i];
      if (at >= first && at < end && Double.isFinite(series.values()[i])) {
        millis[count] = at;
        values[count++] = series.values()[i];
      }
    }
    return new Slice(Arrays.copyOf(millis, count), Arrays.copyOf(values, count));
  }

  private record Peak(double size, int at) {}

  /** Points of the suspect part: from the first, without {@code to}. */
  private record Part(int from, int to) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Slice(long[] millis, double[] values) {}

  /** The suspect part in scales of what is usual. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Look(
      Series series,
      Instant opened,
      long over,
      Slice suspect,
      Robust.Spread spread,
      double[] quietZ,
      double[] z) {

    /**
     * Where on that side the last long enough stretch of usual values begins that the incident did
     * not break: what was unusual before was over when it showed. 0 when nothing was. A series that
     * ended in trouble is not over: nobody saw it well again.
     */
    int over(int side) {
      int over = 0;
      int usual = -1;
      for (int i = 0; isBefore(i); i++) {
        usual = usual(side, i, usual);
        over = isLong(usual, i) ? usual : over;
      }
      return over;
    }

    /** When the deviation, which was over, was: the first such stretch after its onset. */
    Instant ended(Deviation past) {
      long onset = past.onset().toEpochMilli();
      int side = past.up() ? 1 : -1;
      int usual = -1;
      for (int i = 0; isBefore(i); i++) {
        usual = suspect.millis[i] < onset ? -1 : usual(side, i, usual);
        if (isLong(usual, i)) {
          return Instant.ofEpochMilli(suspect.millis[usual]);
        }
      }
      return opened;
    }

    private boolean isBefore(int i) {
      return i < z.length && suspect.millis[i] <= opened.toEpochMilli();
    }

    /** Where the stretch of usual values that holds the point begins; -1 if it is not usual. */
    private int usual(int side, int i, int before) {
      return side * z[i] >= LEAST_SIGMAS ? -1 : before < 0 ? i : before;
    }

    private boolean isLong(int usual, int i) {
      return usual >= 0 && suspect.millis[i] - suspect.millis[usual] >= over;
    }

    /** The deviation in those parts: the one where it rose or the one where it fell. */
    Optional<Deviation> deviation(Part rising, Part falling) {
      int run = z.length >= 12 ? 3 : 2;
      var rise = sustained(z, rising, run, 1);
      var fall = sustained(z, falling, run, -1);
      var type = series.type();
      boolean up = rise.size * type.weight(true) >= fall.size * type.weight(false);
      var peak = up ? rise : fall;
      if (peak.size <= 0 || type.weight(up) == 0) {
        return Optional.empty();
      }
      int side = up ? 1 : -1;
      double surprise =
          Math.max(
              0,
              surprise(peak.size, quietExtremes(quietZ, run, side))
                  - Math.log((double) z.length / run));
      var part = up ? rising : falling;
      int first = onset(z, part.from, peak.at, side);
      return Optional.of(
          new Deviation(
              series.service(),
              series.metric(),
              type,
              up,
              spread.median(),
              spread.scale(),
              spread.median() + side * peak.size * spread.scale(),
              peak.size,
              surprise,
              persistence(z, first, part.to, side),
              Instant.ofEpochMilli(suspect.millis[first]),
              null));
    }
  }
}
