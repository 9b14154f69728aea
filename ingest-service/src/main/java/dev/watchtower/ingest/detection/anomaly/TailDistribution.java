package dev.watchtower.ingest.detection.anomaly;

/**
 * How large a score has been so far, with the past fading: a histogram over quarter octaves. Its
 * answer is a tail probability, which makes scores of different kinds comparable. Above all that
 * was seen it falls off like a power law, so that a new record still says by how much.
 */
final class TailDistribution {
  private static final int BUCKETS = 80;
  private static final int PER_OCTAVE = 4;
  private static final int SMALLEST_OCTAVE = -8;
  private static final double LOG_2 = Math.log(2);

  /** A bucket with less weight than this has in effect been forgotten. */
  private static final double FORGOTTEN = 0.02;

  private static final double RESCALE_AT = 1e6;

  private final float[] weights = new float[BUCKETS];
  private final double growth;
  private double total;
  private double unit = 1;

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
    for (int i = bucket + 1; i < BUCKETS; i++) {
      above += weights[i];
    }
    above /= unit;
    double probability = (above + 0.5) / (total / unit + 1);
    if (above <= 0.5) {
      int largest = BUCKETS - 1;
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
    weights[bucket(score)] += (float) unit;
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

  private static int bucket(double score) {
    if (!(score > 0)) {
      return 0;
    }
    double octave = Math.log(score) / LOG_2 - SMALLEST_OCTAVE;
    return (int) Math.clamp(octave * PER_OCTAVE, 0, BUCKETS - 1);
  }
}
