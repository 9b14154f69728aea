package dev.watchtower.ingest.detection.slo;

/**
 * Events, or moments for which there is data.
 *
 * @param good how many of them were good, at most all
 */
public record Counts(double good, double total) {
  /** None. */
  public static final Counts NONE = new Counts(0, 0);

  public Counts {
    if (!(good >= 0 && good <= total)) {
      throw new IllegalArgumentException("good events are some of all: " + good + " of " + total);
    }
  }

  /** Those that were not good. */
  public double bad() {
    return total - good;
  }
}
