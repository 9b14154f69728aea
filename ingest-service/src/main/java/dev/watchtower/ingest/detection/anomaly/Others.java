package dev.watchtower.ingest.detection.anomaly;

/**
 * The other services of a service's environment.
 *
 * @param unusual how many of them are among the least usual hundredth of their own past
 * @param known how many of them are heard and watched
 */
public record Others(int unusual, int known) {
  /** None is known. */
  public static final Others NONE = new Others(0, 0);

  private static final int FEW = 3;
  private static final double PART = 1.0 / 3;

  /**
   * The share of them that is unusual, 0 to below 1: as if one more were known that is not, so that
   * one of two says less than five of ten.
   */
  public double share() {
    return unusual / (known + 1.0);
  }

  /**
   * Whether so many are unusual that it is no coincidence: three, and a third of all. Where each
   * counts as unusual for a fiftieth of the time by itself, three of eight do at once for one part
   * in 2,500 of it.
   */
  boolean agree() {
    return unusual >= FEW && share() >= PART;
  }
}
