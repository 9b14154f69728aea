package dev.watchtower.monitor.probe;

/**
 * How many results in a row change a state, so that one lost packet alarms nobody.
 *
 * @param downAfter failures in a row before it counts as down, at least 1
 * @param upAfter successes in a row before something down counts as up, at least 1
 */
public record Damping(int downAfter, int upAfter) {
  public Damping {
    if (downAfter < 1 || upAfter < 1) {
      throw new IllegalArgumentException(
          "downAfter and upAfter must be at least 1: " + downAfter + ", " + upAfter);
    }
  }
}
