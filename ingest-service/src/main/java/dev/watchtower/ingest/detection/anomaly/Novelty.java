package dev.watchtower.ingest.detection.anomaly;

/**
 * Says how unlike everything before a value and its neighbourhood are: several views of the recent
 * values, each with a memory of its own and its own distribution of distances. Many different weak
 * views agree where something is new, and disagree where it is noise. Ten of them remember points,
 * which tell what is rare; nine remember wide boxes, which tell what has never been.
 */
final class Novelty {
  private static final int POINTS = 80;
  private static final int BOXES = 24;
  private static final double WIDTH = 0.4;

  /** What is logarithmic far out is about so much of what is relative to the range. */
  private static final double BENT = 0.25;

  private static final int FIRST = 30;
  private static final int SECOND = 60;
  private static final double TIME_OF_DAY = 0.3;
  private static final long DAY_MILLIS = 86_400_000;
  private static final int NEWEST = 8;

  /** The course of things, as so many means over 24 values each and over twice as many. */
  private static final int OUTLINE = 4;

  private static final int BLOCK = 24;

  private final View shape = points(4);
  private final View trend = points(3);
  private final View hours = points(4);
  private final View slowHours = points(3);
  private final View extreme = points(1);
  private final View bentTrend = points(3);
  private final View bentSlowHours = points(3);
  private final View bentSteps = points(4);
  private final View outline = points(OUTLINE);
  private final View longOutline = points(OUTLINE);
  private final View[] points = {
    shape,
    trend,
    hours,
    slowHours,
    extreme,
    bentTrend,
    bentSlowHours,
    bentSteps,
    outline,
    longOutline
  };

  private final View boxedBentShape = boxes(4);
  private final View wide = boxes(5);
  private final View bentWide = boxes(5);
  private final View bentChanges = boxes(Neighbourhood.SCALES + 1);
  private final View run = boxes(NEWEST);
  private final View boxedHours = boxes(4);
  private final View bentHours = boxes(4);
  private final View offsets = boxes(4);
  private final View residual = boxes(4);
  private final View[] boxes = {
    boxedBentShape, wide, bentWide, bentChanges, run, boxedHours, bentHours, offsets, residual
  };

  private final double[] block = new double[2 * OUTLINE];
  private final double[] outlined = new double[OUTLINE];
  private final double[] bentChange = new double[Neighbourhood.SCALES + 1];
  private final double[] last = new double[NEWEST];
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double centre;
  private double unit;
  private double newest;
  private long count;

  /**
   * Looks at the newest value.
   *
   * @param near the value and those before it
   * @param expected what it was expected to be
   * @param spread the usual distance from the level
   * @param scale the usual distance from what is expected
   * @return the mean surprise of the views that remember points and of those that remember boxes
   */
  double look(long millis, Neighbourhood near, double expected, double spread, double scale) {
    newest = near.value();
    if (count < FIRST) {
      return 0;
    }
    unit = 4 * spread;
    double range = Math.max(Math.max(most, newest) - Math.min(least, newest), 1e-9);
    double angle = Math.floorMod(millis, DAY_MILLIS) * 2 * Math.PI / DAY_MILLIS;
    double hourX = TIME_OF_DAY * Math.cos(angle);
    double hourY = TIME_OF_DAY * Math.sin(angle);
    relative(near, range, hourX, hourY);
    bent(near, hourX, hourY);
    unexpected(near, expected, scale);
    return mean(points) + mean(boxes);
  }

  /** The views whose unit is the range of all values. */
  private void relative(Neighbourhood near, double range, double hourX, double hourY) {
    double value = newest / range;
    double mean4 = near.mean4() / range;
    double mean16 = near.mean16() / range;
    double mean64 = near.mean64() / range;
    double mean192 = near.mean192() / range;
    double steps = near.steps() / range;
    shape.see(value, mean4, mean16, steps);
    trend.see(mean16, mean64, mean192);
    hours.see(mean4, mean16, hourX, hourY);
    slowHours.see(mean64, hourX, hourY);
    extreme.see(value);
    wide.see(value, mean4, mean16, mean64, mean192);
    boxedHours.see(mean4, mean16, hourX, hourY);
    for (int i = 0; i < NEWEST; i++) {
      last[i] = near.ago(i) / range;
    }
    run.see(last);
    double lowest = Math.min(least, newest);
    near.blocks(block, BLOCK);
    for (int i = 0; i < OUTLINE; i++) {
      outlined[i] = (block[i] - lowest) / range;
    }
    outline.see(outlined);
    for (int i = 0; i < OUTLINE; i++) {
      outlined[i] = ((block[2 * i] + block[2 * i + 1]) / 2 - lowest) / range;
    }
    longOutline.see(outlined);
  }

  /** The views whose unit is the usual distance from the level. */
  private void bent(Neighbourhood near, double hourX, double hourY) {
    double value = bent(newest);
    double mean4 = bent(near.mean4());
    double mean16 = bent(near.mean16());
    double mean64 = bent(near.mean64());
    double mean192 = bent(near.mean192());
    double steps = asinh(near.steps() / unit);
    bentTrend.see(mean16, mean64, mean192);
    bentSlowHours.see(mean64, hourX, hourY);
    bentSteps.see(value, bent(near.ago(1)), bent(near.ago(2)), bent(near.ago(4)));
    boxedBentShape.see(BENT * value, BENT * mean4, BENT * mean16, BENT * steps);
    bentWide.see(BENT * value, BENT * mean4, BENT * mean16, BENT * mean64, BENT * mean192);
    bentHours.see(BENT * mean4, BENT * mean64, hourX, hourY);
    for (int i = 0; i < Neighbourhood.SCALES; i++) {
      bentChange[i] = BENT * (bent(near.newer(i)) - bent(near.older(i)));
    }
    bentChange[Neighbourhood.SCALES] = BENT * mean16;
    bentChanges.see(bentChange);
  }

  /** The views of how far things are from what was expected. */
  private void unexpected(Neighbourhood near, double expected, double scale) {
    double offset4 = BENT * asinh(near.offset(1));
    offsets.see(
        BENT * asinh(near.offset(0)),
        offset4,
        BENT * asinh(near.offset(2)),
        BENT * asinh(near.offset(3)));
    residual.see(
        BENT * asinh((newest - expected) / scale),
        offset4,
        BENT * asinh(near.steps() / scale),
        BENT * asinh((near.mean4() - near.mean16()) / scale));
  }

  /** Remembers what was looked at last. */
  void learn() {
    if (count >= FIRST) {
      for (View view : points) {
        view.learn(count > SECOND);
      }
      for (View view : boxes) {
        view.learn(count > SECOND);
      }
    }
    least = Math.min(least, newest);
    most = Math.max(most, newest);
    count++;
    centre += (newest - centre) * Math.max(0.001, 1.0 / count);
  }

  /** Saves or loads it; what a look leaves behind is not needed for the next. */
  void exchange(ModelState state) {
    count = state.exchangeCount(count);
    least = state.exchangeAny(least);
    most = state.exchangeAny(most);
    state.require(
        count == 0 ? least > most : Double.isFinite(least) && Double.isFinite(most),
        "a range is none");
    centre = state.exchange(centre);
    for (View view : points) {
      view.exchange(state);
    }
    for (View view : boxes) {
      view.exchange(state);
    }
  }

  private static double mean(View[] views) {
    double sum = 0;
    for (View view : views) {
      sum += view.surprise();
    }
    return sum / views.length;
  }

  private static View points(int dimensions) {
    return new View(dimensions, new PatternMemory(POINTS, dimensions));
  }

  private static View boxes(int dimensions) {
    return new View(dimensions, new CategoryMemory(BOXES, dimensions, WIDTH));
  }

  /** Linear near the centre, logarithmic far out, so that one spike does not flatten the rest. */
  private double bent(double value) {
    return asinh((value - centre) / unit);
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    return Math.copySign(Math.log(size + Math.sqrt(size * size + 1)), x);
  }
}
