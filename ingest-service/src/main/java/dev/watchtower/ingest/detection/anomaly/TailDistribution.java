package dev.watchtower.ingest.detection.anomaly;

/**
 * How large a score has been so far, with the past fading: a histogram over quarter octaves. Its
 * answer is a tail probability, which makes scores of different kinds comparable. Above all that
 * was seen it falls off like a power law, so that a new record still says by how much.
 */
final class TailDistribution {
  private static final int BUCKETS = 64;
  private static final int PER_OCTAVE = 4;
  private static final int SMALLEST_OCTAVE = -8;

  /** The bits of 1, whose exponent is 0. */
  private static final long ONE = Double.doubleToRawLongBits(1);

  private static final long MANTISSA = (1L << 52) - 1;

  /** Mantissas at which a quarter of an octave begins. */
  private static final double[] QUARTERS = {Math.pow(2, 0.25), Math.pow(2, 0.5), Math.pow(2, 0.75)};

  /** A bucket with less weight than this has in effect been forgotten. */
  private static final double FORGOTTEN = 0.02;

  private static final double RESCALE_AT = 1e6;

  private final float[] weights = new float[BUCKETS];
  private final double growth;
  private double total;
  private double unit = 1;

  /** No bucket above this one has ever been used. */
  private int highest;

  /**
   * Empty.
   *
   * @param horizon after so many scores one has lost two thirds of its weight
   */
  TailDistribution(double horizon) {
    growth = 1 / (1 - 1 / horizon);
  }

  /**
   * The negative decimal logarithm of the probability of a score at least this large.
   *
   * @param score 0 or more
   */
  double surprise(double score) {
    int bucket = bucket(score);
    double above = weights[bucket] * 0.5;
    for (int i = bucket + 1; i <= highest; i++) {
      above += weights[i];
    }
    above /= unit;
    double probability = (above + 0.5) / (total / unit + 1);
    if (above <= 0.5) {
      int largest = highest;
      while (largest > 0 && weights[largest] < FORGOTTEN * unit) {
        largest--;
      }
      double octavesBeyond = Math.max(0, bucket - largest) / (double) PER_OCTAVE;
      probability *= Math.pow(2, -octavesBeyond);
    }
    return -Math.log10(probability);
  }

  /** Takes a score in. */
  void add(double score) {
    int bucket = bucket(score);
    highest = Math.max(highest, bucket);
    weights[bucket] += (float) unit;
    total += unit;
    unit *= growth;
    if (unit > RESCALE_AT) {
      for (int i = 0; i < BUCKETS; i++) {
        weights[i] /= (float) RESCALE_AT;
      }
      total /= RESCALE_AT;
      unit /= RESCALE_AT;
    }
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    highest = state.exchange(highest, 0, BUCKETS - 1);
    total = state.exchange(total);
    unit = state.exchange(unit);
    state.require(total >= 0 && unit > 0, "a weight is negative");
    state.exchange(weights, highest + 1);
  }

  private static int bucket(double score) {
    if (!(score > 0)) {
      return 0;
    }
    int octave = Math.getExponent(score);
    double mantissa = Double.longBitsToDouble((Double.doubleToRawLongBits(score) & MANTISSA) | ONE);
    int quarter = 0;
    while (quarter < QUARTERS.length && mantissa >= QUARTERS[quarter]) {
      quarter++;
    }
    return Math.clamp((octave - SMALLEST_OCTAVE) * PER_OCTAVE + quarter, 0, BUCKETS - 1);
  }
}
