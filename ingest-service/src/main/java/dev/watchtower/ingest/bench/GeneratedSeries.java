package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.bench.WindowScore.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Made-up metrics with anomalies of known kinds, and the windows around their begins. Nothing of
 * the detector was chosen on the kinds' shapes; they are here to see what else a change does. The
 * same kind and seed give the same series.
 */
final class GeneratedSeries {
  /** What happens in a series. */
  enum Kind {
    MISSING_DAY,
    LEVEL_SHIFT,
    MORE_NOISE,
    DRIFT,
    FLAT_LINE,
    SURGE,
    SPIKE,
    PHASE,
    BURSTS,
    DROPOUT,
    NOTHING
  }

  /**
   * A series.
   *
   * @param windows around the begins of anomalies, a tenth of the rows together; in order
   */
  record Series(Kind kind, long[] millis, double[] values, List<Span> windows) {
    Series {
      windows = List.copyOf(windows);
    }
  }

  private static final long START = 1_760_054_400_000L;
  private static final long MINUTE = 60_000;
  private static final long[] STEPS = {MINUTE, 5 * MINUTE, 5 * MINUTE, 30 * MINUTE};
  private static final double WINDOWS = 0.1;

  private final Random random;
  private final Kind kind;
  private final int rows;
  private final long step;
  private final int day;
  private final double[] values;
  private final List<Integer> begins = new ArrayList<>();

  private GeneratedSeries(Kind kind, long seed) {
    this.kind = kind;
    this.random = new Random(seed * 1_000 + kind.ordinal());
    boolean rhythmic = kind == Kind.MISSING_DAY || kind == Kind.PHASE;
    this.step = rhythmic ? STEPS[1 + random.nextInt(3)] : STEPS[random.nextInt(STEPS.length)];
    this.day = (int) (1_440 * MINUTE / step);
    this.rows = Math.max(4_000 + random.nextInt(4_000), rhythmic ? 14 * day : 0);
    this.values = new double[rows];
  }

  static Series of(Kind kind, long seed) {
    return new GeneratedSeries(kind, seed).make();
  }

  private Series make() {
    int anomalies = kind == Kind.NOTHING ? 0 : 1 + random.nextInt(2);
    for (int i = 0; i < anomalies; i++) {
      double share = 0.3 + 0.6 * (i + 0.2 + 0.6 * random.nextDouble()) / anomalies;
      begins.add((int) (share * rows));
    }
    switch (kind) {
      case MISSING_DAY -> missingDay();
      case LEVEL_SHIFT -> levelShift();
      case MORE_NOISE -> moreNoise();
      case DRIFT -> drift();
      case FLAT_LINE -> flatLine();
      case SURGE -> surge();
      case SPIKE -> spike();
      case PHASE -> phase();
      case BURSTS -> bursts();
      case DROPOUT -> dropout();
      case NOTHING -> nothing();
    }
    long[] millis = new long[rows];
    long begin = START + random.nextInt(1_440) * MINUTE;
    for (int i = 0; i < rows; i++) {
      millis[i] = begin + i * step;
    }
    List<Span> windows = new ArrayList<>();
    for (int at : begins) {
      int half = (int) (WINDOWS * rows / anomalies / 2);
      windows.add(new Span(at - half, Math.min(rows - 1, at + half)));
    }
    return new Series(kind, millis, values, windows);
  }

  private double noise() {
    return random.nextGaussian();
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** A day's rhythm from 0 to 1: nights are long and flat. */
  private double rhythm(double row, double shape) {
    double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * row / day);
    return Math.pow(wave, shape);
  }

  private void missingDay() {
    double shape = between(1, 3);
    double noise = between(0.03, 0.12);
    double weekend = random.nextBoolean() ? between(0.5, 0.8) : 1;
    begins.replaceAll(at -> at / day * day + day / 4);
    for (int i = 0; i < rows; i++) {
      double height = i / day % 7 >= 5 ? weekend : 1;
      boolean missing = inside(i, -day / 4, day - day / 4);
      values[i] = 1 + (missing ? 0.05 : height) * rhythm(i, shape) + noise * noise();
    }
  }

  private void phase() {
    double shape = between(1, 2);
    double noise = between(0.03, 0.12);
    double by = between(0.2, 0.45) * day;
    for (int i = 0; i < rows; i++) {
      long moved = 0;
      for (int at : begins) {
        moved += i >= at ? 1 : 0;
      }
      values[i] = 1 + rhythm(i + moved * by, shape) + noise * noise();
    }
  }

  private void levelShift() {
    double memory = between(0.3, 0.9);
    double size = between(2.5, 5) * (random.nextBoolean() ? 1 : -1);
    double ar = 0;
    for (int i = 0; i < rows; i++) {
      ar = memory * ar + Math.sqrt(1 - memory * memory) * noise();
      int shifts = 0;
      for (int at : begins) {
        shifts += i >= at ? 1 : 0;
      }
      values[i] = 50 + 4 * (ar + size * shifts);
    }
  }

  private void moreNoise() {
    double times = between(2.5, 4);
    int lasts = (int) (rows * 0.04);
    for (int i = 0; i < rows; i++) {
      values[i] = 200 + 5 * noise() * (inside(i, 0, lasts) ? times : 1);
    }
  }

  private void drift() {
    double height = between(4, 8);
    int lasts = (int) (rows * 0.05);
    for (int i = 0; i < rows; i++) {
      double drift = 0;
      for (int at : begins) {
        drift += i >= at && i < at + lasts ? height * (i - at) / lasts : 0;
      }
      values[i] = 10 + noise() + drift;
    }
  }

  private void flatLine() {
    double swing = between(0, 1.5);
    double noise = between(0.2, 0.5);
    int lasts = (int) (rows * 0.05);
    for (int i = 0; i < rows; i++) {
      boolean stuck = i > 0 && inside(i, 0, lasts);
      values[i] = stuck ? values[i - 1] : 30 + 5 * swing * rhythm(i, 1) + 5 * noise * noise();
    }
  }

  private void surge() {
    double mean = between(4, 30);
    double swing = between(0, 1.5);
    double times = between(2.5, 4);
    int lasts = 12 + random.nextInt(30);
    for (int i = 0; i < rows; i++) {
      double rate = mean * (0.5 + swing * rhythm(i, 1)) * (random.nextInt(200) == 0 ? 2.5 : 1);
      rate *= Math.exp(0.2 * noise());
      values[i] = Math.max(0, Math.round(rate + Math.sqrt(rate) * noise()));
      if (inside(i, 0, lasts)) {
        values[i] += Math.round((times - 1) * mean * (0.5 + swing / 2) * Math.exp(0.2 * noise()));
      }
    }
  }

  private void spike() {
    double often = between(0.002, 0.01);
    double height = between(8, 15);
    for (int i = 0; i < rows; i++) {
      boolean usual = random.nextDouble() < often;
      values[i] = 20 + noise() + (usual ? height * between(0.5, 1) : 0);
      if (begins.contains(i)) {
        values[i] = 20 + between(1.8, 2.5) * height;
      }
    }
  }

  private void bursts() {
    int every = 40 + random.nextInt(100);
    int lasts = 3 + random.nextInt(6);
    double height = between(20, 60);
    boolean stop = random.nextBoolean();
    int stray = (int) (rows * 0.03);
    int next = 0;
    int left = 0;
    for (int i = 0; i < rows; i++) {
      if (i >= next) {
        next += every + random.nextInt(5) - 2;
        left = lasts + random.nextInt(3) - 1;
      }
      boolean odd = inside(i, 0, stray);
      boolean high = odd ? !stop : left > 0;
      left--;
      values[i] = Math.max(0.1, 5 + 0.5 * noise() + (high ? height * Math.exp(0.1 * noise()) : 0));
    }
  }

  private void dropout() {
    double shape = between(1, 2);
    double noise = between(0.05, 0.2);
    int lasts = 6 + random.nextInt(40);
    for (int i = 0; i < rows; i++) {
      boolean gone = inside(i, 0, lasts);
      values[i] = 100 * (0.4 + rhythm(i, shape)) * Math.exp(noise * noise()) * (gone ? 0.08 : 1);
    }
  }

  private void nothing() {
    double memory = between(0, 0.95);
    double swing = random.nextBoolean() ? between(0.5, 4) : 0;
    int tail = random.nextInt(3);
    double ar = 0;
    for (int i = 0; i < rows; i++) {
      ar = memory * ar + Math.sqrt(1 - memory * memory) * noise();
      double x = ar + swing * rhythm(i, 1);
      values[i] = tail == 0 ? x : tail == 1 ? Math.exp(0.7 * x) : x + (noise() > 2.5 ? 4 : 0);
    }
  }

  private boolean inside(int row, int from, int to) {
    for (int at : begins) {
      if (row >= at + from && row < at + to) {
        return true;
      }
    }
    return false;
  }
}
