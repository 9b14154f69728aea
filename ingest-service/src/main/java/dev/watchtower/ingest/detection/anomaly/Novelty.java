package dev.watchtower.ingest.detection.anomaly;

/**
 * Says how unlike everything before a value and its neighbourhood are: several views of the recent
 * values, each with a memory of the patterns seen and its own distribution of distances. Many
 * different weak views agree where something is new, and disagree where it is noise.
 */
final class Novelty {
  private static final int CAPACITY = 80;
  private static final double HORIZON = 20_000;
  private static final int FIRST = 30;
  private static final int SECOND = 60;
  private static final double TIME_OF_DAY = 0.3;
  private static final long DAY_MILLIS = 86_400_000;

  /** A view's memory and distances. */
  private static final class View {
    private final float[] pattern;
    private final PatternMemory memory;
    private final TailDistribution distances = new TailDistribution(HORIZON);
    private double distance;

    View(int dimensions) {
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
      return distances.surprise(distance);
    }

    void learn(boolean distances) {
      memory.learn(pattern, distance);
      if (distances) {
        this.distances.add(distance);
      }
    }
  }

  private final View shape = new View(4);
  private final View trend = new View(3);
  private final View hours = new View(4);
  private final View slowHours = new View(3);
  private final View extreme = new View(1);
  private final View bentShape = new View(4);
  private final View bentTrend = new View(3);
  private final View bentSlowHours = new View(3);
  private final View bentSteps = new View(4);
  private final View[] views = {
    shape, trend, hours, slowHours, extreme, bentShape, bentTrend, bentSlowHours, bentSteps
  };
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double centre;
  private double newest;
  private long count;

  /**
   * Looks at the newest value.
   *
   * @param window with means over 1, 4, 16, 64 and 192 values, the newest included
   * @param spread the usual distance from the level
   * @return the mean of the views' surprise
   */
  double look(long millis, MovingWindow window, double spread) {
    double value = window.ago(0);
    newest = value;
    if (count < FIRST) {
      return 0;
    }
    double range = Math.max(Math.max(most, value) - Math.min(least, value), 1e-9);
    double angle = Math.floorMod(millis, DAY_MILLIS) * 2 * Math.PI / DAY_MILLIS;
    double steps = 0;
    for (int i = 0; i < 8; i++) {
      steps += Math.abs(window.ago(i) - window.ago(i + 1)) / 8;
    }
    double short4 = window.mean(1);
    double mid16 = window.mean(2);
    double long64 = window.mean(3);
    double long192 = window.mean(4);
    double hourX = TIME_OF_DAY * Math.cos(angle);
    double hourY = TIME_OF_DAY * Math.sin(angle);
    shape.see(value / range, short4 / range, mid16 / range, steps / range);
    trend.see(mid16 / range, long64 / range, long192 / range);
    hours.see(short4 / range, mid16 / range, hourX, hourY);
    slowHours.see(long64 / range, hourX, hourY);
    extreme.see(value / range);
    double unit = 4 * spread;
    bentShape.see(bent(value, unit), bent(short4, unit), bent(mid16, unit), asinh(steps / unit));
    bentTrend.see(bent(mid16, unit), bent(long64, unit), bent(long192, unit));
    bentSlowHours.see(bent(long64, unit), hourX, hourY);
    bentSteps.see(
        bent(value, unit),
        bent(window.ago(1), unit),
        bent(window.ago(2), unit),
        bent(window.ago(4), unit));
    double sum = 0;
    for (View view : views) {
      sum += view.surprise();
    }
    return sum / views.length;
  }

  /** Remembers what was looked at last. */
  void learn() {
    if (count >= FIRST) {
      for (View view : views) {
        view.learn(count > SECOND);
      }
    }
    least = Math.min(least, newest);
    most = Math.max(most, newest);
    count++;
    centre += (newest - centre) * Math.max(0.001, 1.0 / count);
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
