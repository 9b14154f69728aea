package dev.watchtower.ingest.detection.anomaly;

/**
 * Says how unlike everything before a value and its neighbourhood are: several views of the recent
 * values, each with a memory of the patterns seen and its own distribution of distances. Many
 * different weak views agree where something is new, and disagree where it is noise.
 */
final class Novelty {
  private static final int CAPACITY = 200;
  private static final double HORIZON = 20_000;
  private static final int FIRST = 30;
  private static final int SECOND = 60;
  private static final double TIME_OF_DAY = 0.3;
  private static final long DAY_MILLIS = 86_400_000;

  /** A view's memory and distances. */
  private static final class View {
    private final double weight;
    private final float[] pattern;
    private final PatternMemory memory;
    private final TailDistribution distances = new TailDistribution(HORIZON);
    private double distance;

    View(double weight, int dimensions) {
      this.weight = weight;
      this.pattern = new float[dimensions];
      this.memory = new PatternMemory(CAPACITY, dimensions);
    }

    View see(double... features) {
      for (int i = 0; i < pattern.length; i++) {
        pattern[i] = (float) features[i];
      }
      distance = memory.distance(pattern);
      return this;
    }

    double surprise() {
      return weight * distances.surprise(distance);
    }

    void learn(boolean distances) {
      memory.learn(pattern, distance);
      if (distances) {
        this.distances.add(distance);
      }
    }
  }

  private final View shape = new View(2, 4);
  private final View trend = new View(3, 3);
  private final View hours = new View(6, 4);
  private final View extreme = new View(3, 1);
  private final View bentShape = new View(3, 4);
  private final View bentSteps = new View(3, 4);
  private final View[] views = {shape, trend, hours, extreme, bentShape, bentSteps};
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double centre;
  private long count;

  /**
   * Looks at the newest value.
   *
   * @param window with means over 1, 4, 16, 64 and 192 values, the newest included
   * @param spread the usual distance from the level
   * @return the weighted mean of the views' surprise
   */
  double look(long millis, MovingWindow window, double spread) {
    double value = window.ago(0);
    least = Math.min(least, value);
    most = Math.max(most, value);
    count++;
    centre += (value - centre) * Math.max(0.001, 1.0 / count);
    if (count < FIRST) {
      return 0;
    }
    double range = Math.max(most - least, 1e-9);
    double angle = Math.floorMod(millis, DAY_MILLIS) * 2 * Math.PI / DAY_MILLIS;
    double steps = 0;
    for (int i = 0; i < 8; i++) {
      steps += Math.abs(window.ago(i) - window.ago(i + 1)) / 8;
    }
    double short4 = window.mean(1);
    double mid16 = window.mean(2);
    shape.see(value / range, short4 / range, mid16 / range, steps / range);
    trend.see(mid16 / range, window.mean(3) / range, window.mean(4) / range);
    hours.see(
        short4 / range,
        mid16 / range,
        TIME_OF_DAY * Math.cos(angle),
        TIME_OF_DAY * Math.sin(angle));
    extreme.see(value / range);
    double unit = 4 * spread;
    bentShape.see(bent(value, unit), bent(short4, unit), bent(mid16, unit), asinh(steps / unit));
    bentSteps.see(
        bent(value, unit),
        bent(window.ago(1), unit),
        bent(window.ago(2), unit),
        bent(window.ago(4), unit));
    double sum = 0;
    double weights = 0;
    for (View view : views) {
      sum += view.surprise();
      weights += view.weight;
    }
    return sum / weights;
  }

  /** Remembers what was looked at last. */
  void learn() {
    if (count >= FIRST) {
      for (View view : views) {
        view.learn(count > SECOND);
      }
    }
  }

  /** Linear near the centre, logarithmic far out, so that one spike does not flatten the rest. */
  private double bent(double value, double unit) {
    return asinh((value - centre) / unit);
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    return Math.copySign(Math.log(size + Math.sqrt(size * size + 1)), x);
  }
}
