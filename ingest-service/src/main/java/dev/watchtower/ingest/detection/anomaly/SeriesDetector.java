package dev.watchtower.ingest.detection.anomaly;

import org.jspecify.annotations.Nullable;

/**
 * Detects anomalies in one metric as its values come: no labels, no look ahead, no settings for a
 * single metric, bounded state. Its time only matters for the time of the day; values must come in
 * order, and a caller drops or sorts late ones. Equal calls give equal readings. For one thread.
 *
 * <p>The novelty of the newest value and its neighbourhood in many views, how far things are from
 * what is usual at this time, how much calmer than usual they have become and how long the value
 * has been the same are added up as negative logarithms of tail probabilities by their own fading
 * distributions; a gate makes alarms of it.
 */
public final class SeriesDetector {
  /** Values before the first alarm is possible. */
  public static final int START_UP = 150;

  private static final double HORIZON = 6_000;
  private static final double LARGEST_RESIDUAL = 20;
  private static final double NOVELTY = 2.1;
  private static final double CALM = 0.15;
  private static final double SEASONAL = 0.5;
  private static final double STILL = 0.2;
  private static final double STILL_HORIZON = 20_000;

  /** Weights of what is sudden, and of what lasts, in what is said to a service as a whole. */
  private static final double SUDDEN = 1.2;

  private static final double LASTING = 0.4;

  /** A value that comes so often in a row is 1 to the tail of such runs. */
  private static final double RUN = 256;

  /**
   * What is further from the first value is taken for so far: {@code float} keeps it, also in usual
   * distances of a billionth.
   */
  private static final double FARTHEST = 1e28;

  /** Steps so small, in usual distances, are all the same. */
  private static final double SMALL = 0.05;

  private final Expectation expectation = new Expectation();
  private final Novelty novelty = new Novelty();
  private final AlarmGate gate = new AlarmGate();
  private final Neighbourhood near = new Neighbourhood();
  private final TailDistribution offsets = new TailDistribution(HORIZON);
  private final TailDistribution sizes = new TailDistribution(HORIZON);
  private final TailDistribution stays = new TailDistribution(HORIZON);
  private final TailDistribution[] calms = {
    new TailDistribution(HORIZON), new TailDistribution(HORIZON)
  };
  private final Season season = new Season();
  private final TailDistribution runs = new TailDistribution(STILL_HORIZON);
  private @Nullable Neighbourhood kept;
  private double origin;
  private double contribution;
  private long count;

  /**
   * Takes the next value.
   *
   * @param millis when it was measured, milliseconds since the epoch
   * @param value the value; one that is not finite says nothing and changes nothing
   */
  public Reading observe(long millis, double value) {
    contribution = 0;
    if (!Double.isFinite(value)) {
      return new Reading(0, 0, expectation.value() + origin, expectation.scale());
    }
    if (count++ == 0) {
      // Relative to the first value, so that small changes of large numbers are kept.
      origin = value;
    }
    double x = relative(value);
    double surprise = surprise(millis, x, true);
    double expected = expectation.value();
    double scale = expectation.scale();
    expectation.learn(millis, x);
    double score = count < START_UP ? 0 : gate.pass(surprise, expectation.step());
    return new Reading(score, surprise, expected + origin, scale);
  }

  /** Keeps what is recent now, for {@link #resume}. Until then call {@link #observeOnly}. */
  void pause() {
    kept = near.copy();
  }

  /** Goes on as if nothing had been observed since {@link #pause}, and alarms again if need be. */
  void resume() {
    gate.wake();
    if (kept != null) {
      near.set(kept);
      kept = null;
    }
  }

  /**
   * Goes on after a time of which it knows nothing: for a while nothing alarms, however unusual it
   * looks.
   */
  void rest() {
    gate.rest();
  }

  /** Goes on with what was observed since {@link #pause}: it is how things are now. */
  void accept() {
    kept = null;
  }

  /**
   * Looks at the next value without learning from it, as during an anomaly: what is unusual stays
   * unusual. The score is that of a gate that does not rest; what is expected is the slow level,
   * which the value that alarmed has hardly moved.
   */
  public Reading observeOnly(long millis, double value) {
    contribution = 0;
    if (!Double.isFinite(value) || count == 0) {
      return new Reading(0, 0, expectation.value() + origin, expectation.scale());
    }
    double surprise = surprise(millis, relative(value), false);
    double score = count < START_UP ? 0 : AlarmGate.score(surprise);
    return new Reading(score, surprise, expectation.level() + origin, expectation.spread());
  }

  /**
   * What the newest value says to its service as a whole: its surprise, in which what is sudden
   * counts extra and what is only strange for the time of the day does not count: that lasts too
   * long, and all metrics share it. About the negative decimal logarithm of a tail probability; 0
   * where it said nothing.
   */
  double contribution() {
    return contribution;
  }

  /** Whether it has seen enough to alarm. */
  public boolean isReady() {
    return count >= START_UP;
  }

  /** Saves or loads all that it has learnt, and what {@link #pause} keeps. */
  void exchange(ModelState state) {
    count = state.exchangeCount(count);
    origin = state.exchange(origin);
    expectation.exchange(state);
    novelty.exchange(state);
    gate.exchange(state);
    near.exchange(state);
    offsets.exchange(state);
    sizes.exchange(state);
    stays.exchange(state);
    for (TailDistribution calm : calms) {
      calm.exchange(state);
    }
    season.exchange(state);
    runs.exchange(state);
    if (state.exchange(kept != null)) {
      kept = kept == null ? new Neighbourhood() : kept;
      kept.exchange(state);
    }
  }

  private double relative(double value) {
    return Math.clamp(value - origin, -FARTHEST, FARTHEST);
  }

  private double surprise(long millis, double x, boolean learning) {
    expectation.guess(millis);
    double expected = Double.isNaN(expectation.value()) ? x : expectation.value();
    double spread = expectation.spread();
    double scale = expectation.scale();
    double floor = expectation.floor();
    season.guess(millis, expectation.step());
    near.add(x, expectation.level(), spread, scale, season.distance(millis, x, floor));
    double unusual = novelty.look(millis, near, expected, spread, scale);
    if (learning) {
      novelty.learn();
    }
    double size = Math.min(Math.abs(x - expected) / scale, LARGEST_RESIDUAL);
    double sudden =
        Math.max(tail(offsets, Math.abs(near.offset(0)), learning), tail(sizes, size, learning));
    double lasting = tail(stays, Math.abs(near.offset(2)), learning);
    double calm = 0;
    for (int i = 0; i < calms.length; i++) {
      calm += tail(calms[i], 1 / (near.moves(i) + SMALL), learning) / calms.length;
    }
    double seasonal = SEASONAL * season.surprise(near);
    if (learning) {
      season.learn(millis, x, near, spread, floor);
    }
    double still = tail(runs, near.repeats() / RUN, learning);
    double surprise = NOVELTY * (unusual + CALM * calm) + STILL * still;
    contribution = surprise + SUDDEN * sudden + LASTING * lasting;
    return surprise + seasonal;
  }

  private static double tail(TailDistribution tail, double score, boolean learning) {
    double surprise = tail.surprise(score);
    if (learning) {
      tail.add(score);
    }
    return surprise;
  }
}
