package dev.watchtower.ingest.detection.anomaly;

import java.util.Arrays;

/**
 * What the next value should be: a mixture of the last value, a fast and a slow level, and the slow
 * level with the profile of the day, each trusted the more the smaller its recent error was. Where
 * there is no daily season the profile is soon not trusted; where the level moves the profile,
 * which is kept relative to it, moves along.
 */
final class Expectation {
  private static final long DAY_MILLIS = 86_400_000;
  private static final int BINS = 96;
  private static final int EXPERTS = 4;
  private static final int SEASONAL = 3;

  /** Days of data that a part of the day must have before it is trusted. */
  private static final double DAYS_NEEDED = 1.5;

  private static final double FAST = 0.2;
  private static final double SLOW = 0.01;
  private static final double ERROR = 0.01;
  private static final double SPREAD = 0.003;
  private static final double PROFILE = 0.3;
  private static final int FIRST = 50;
  private static final double RANGE_FADES = 1e-4;

  private final float[] profile = new float[BINS];
  private final float[] days = new float[BINS];
  private final double[] guesses = new double[EXPERTS];
  private final double[] errors = new double[EXPERTS];
  private int experts = EXPERTS - 1;
  private int bin;
  private long count;
  private long lastMillis;
  private double step;
  private double last;
  private double fast;
  private double slow;
  private double low;
  private double high;
  private double mixed;
  private double scale;
  private double spread;

  /** Guesses the value at that time, before it is known. */
  void guess(long millis) {
    bin = (int) (Math.floorMod(millis, DAY_MILLIS) * BINS / DAY_MILLIS);
    experts = days[bin] >= DAYS_NEEDED ? EXPERTS : SEASONAL;
    guesses[0] = last;
    guesses[1] = fast;
    guesses[2] = slow;
    guesses[SEASONAL] = slow + profile[bin];
    double best = Double.MAX_VALUE;
    for (int i = 0; i < experts; i++) {
      best = Math.min(best, errors[i]);
    }
    double trusts = 0;
    mixed = 0;
    for (int i = 0; i < experts; i++) {
      double share = (best + 1e-12) / (errors[i] + 1e-12);
      double trust = share * share * share * share;
      trusts += trust;
      mixed += trust * guesses[i];
    }
    mixed /= trusts;
  }

  /** The mixture's guess. */
  double value() {
    return count == 0 ? Double.NaN : mixed;
  }

  /** The slow level, with the profile where that has been better of late. */
  double level() {
    boolean seasonal = experts == EXPERTS && errors[SEASONAL] < errors[2];
    return slow + (seasonal ? profile[bin] : 0);
  }

  /** The usual distance of a value from the guess. */
  double scale() {
    return scale + floor();
  }

  /** The usual distance of a value from the slow level. */
  double spread() {
    return spread + floor();
  }

  /** A hundredth of the range of values: smaller differences do not matter. */
  double floor() {
    return 0.01 * Math.max(high - low, 1e-9) + 1e-9;
  }

  /** The usual time between values in milliseconds; 0 before it is known. */
  double step() {
    return step;
  }

  /** Learns what the value was. Outliers are clipped, so that one does not spoil the scale. */
  void learn(long millis, double value) {
    if (count++ == 0) {
      last = fast = slow = low = high = mixed = value;
      Arrays.fill(guesses, value);
    } else if (millis > lastMillis) {
      step += ((millis - lastMillis) - step) * (step == 0 ? 1 : 0.02);
    }
    double floor = floor();
    double clip = scale > 0 ? 10 * scale + floor : Double.MAX_VALUE;
    for (int i = 0; i < experts; i++) {
      double error = Math.min(Math.abs(value - guesses[i]), clip);
      errors[i] += (error - errors[i]) * rate(ERROR);
    }
    boolean young = count < FIRST;
    double error = Math.abs(value - mixed);
    scale += (Math.min(error, young ? error : 5 * scale + floor) - scale) * rate(ERROR);
    double away = Math.abs(value - slow);
    spread += (Math.min(away, young ? away : 5 * spread + floor) - spread) * rate(SPREAD);
    fast += (value - fast) * FAST;
    slow += (value - slow) * rate(SLOW);
    double valuesPerBin = Math.max(1, (double) DAY_MILLIS / BINS / Math.max(1, step));
    days[bin] += (float) (1 / valuesPerBin);
    double share = Math.max(PROFILE, 1 / (1.0 + days[bin])) / valuesPerBin;
    profile[bin] += (float) ((value - slow - profile[bin]) * Math.min(1, share));
    low = Math.min(low + (high - low) * RANGE_FADES, value);
    high = Math.max(high - (high - low) * RANGE_FADES, value);
    last = value;
    lastMillis = millis;
  }

  private double rate(double usual) {
    return Math.max(usual, 1.0 / count);
  }

  /** Saves or loads it; what a guess leaves behind is not needed for the next. */
  void exchange(ModelState state) {
    count = state.exchangeCount(count);
    lastMillis = state.exchange(lastMillis, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
    step = state.exchange(step);
    last = state.exchange(last);
    fast = state.exchange(fast);
    slow = state.exchange(slow);
    low = state.exchange(low);
    high = state.exchange(high);
    mixed = state.exchange(mixed);
    scale = state.exchange(scale);
    spread = state.exchange(spread);
    state.require(step >= 0 && scale >= 0 && spread >= 0 && low <= high, "a distance is negative");
    state.exchange(errors);
    state.exchange(profile);
    state.exchange(days);
    for (int i = 0; i < EXPERTS; i++) {
      state.require(errors[i] >= 0, "an error is negative");
    }
  }
}
