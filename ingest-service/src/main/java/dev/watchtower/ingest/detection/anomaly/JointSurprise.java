package dev.watchtower.ingest.detection.anomaly;

/**
 * How unusual a service is as a whole: a power mean of what its metrics say, so that one alone,
 * however strange, weighs less than several that agree. What was is not over at once, but it is
 * less than what is new: that keeps the begin of an anomaly apart from its course. Other services
 * that are unusual at the same time add to it: what is weak in each of many is strong together. For
 * one thread.
 */
final class JointSurprise {
  private static final double POWER = 2.5;
  private static final double REMAINS = 0.99;
  private static final double PAST = 0.75;
  private static final double USUAL = 3;
  private static final double OTHERS = 3;

  /** One of a hundred values of its own past is as surprising, or fewer. */
  private static final double UNUSUAL = 2;

  private static final double HORIZON = 6_000;

  private final TailDistribution past = new TailDistribution(HORIZON);
  private double held;
  private double level;
  private boolean unusual;

  /**
   * Takes what the metrics say of one instant.
   *
   * @param contributions of each metric, see {@link SeriesDetector#contribution}
   * @param learning whether this counts as its past
   */
  void look(double[] contributions, boolean learning) {
    double sum = 0;
    for (double contribution : contributions) {
      sum += Math.pow(Math.max(0, contribution), POWER);
    }
    double together =
        contributions.length == 0 ? 0 : Math.pow(sum / contributions.length, 1 / POWER);
    unusual = past.surprise(together) >= UNUSUAL;
    if (learning) {
      past.add(together);
    }
    held = Math.max(together, held * REMAINS);
    level = Math.max(together, held * PAST);
  }

  /** Whether it is among the least usual hundredth of its own past now. */
  boolean isUnusual() {
    return unusual;
  }

  /**
   * How unusual the service is, 0 to 1.
   *
   * @param share of the other services that are unusual, see {@link Others#share}
   */
  double score(double share) {
    double all = level + OTHERS * share;
    return all / (all + USUAL);
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    past.exchange(state);
    held = state.exchange(held);
    level = state.exchange(level);
    unusual = state.exchange(unusual);
  }
}
