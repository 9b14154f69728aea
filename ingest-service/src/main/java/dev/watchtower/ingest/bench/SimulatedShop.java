package dev.watchtower.ingest.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Golden signals of a service under calm traffic, made by drawing single requests: load with a
 * day's rhythm, a few failures, latencies with a long tail, pauses of the garbage collector, memory
 * that fills and is emptied. Nothing in it is wrong unless {@link #next} is told so. Equal seeds
 * give equal services.
 */
final class SimulatedShop {
  private static final double DAY_SECONDS = 86_400;
  private static final double FAILING = 0.002;
  private static final double PAUSE = 0.002;

  private final Random random;
  private final double rate;
  private final double rhythm;
  private final double latency;
  private double drift;
  private double memory = 0.4;

  SimulatedShop(long seed) {
    random = new Random(seed);
    rate = 4 + 16 * random.nextDouble();
    rhythm = 0.2 + 0.5 * random.nextDouble();
    latency = 0.02 + 0.08 * random.nextDouble();
  }

  /**
   * The signals of the next step.
   *
   * @param second since the beginning
   * @param window seconds that rates are taken over
   * @param failing share of requests that fail beside the usual ones, 0 to 1
   * @param slower factor on latencies, 1 for none
   */
  Map<String, @Nullable Double> next(long second, int window, double failing, double slower) {
    drift += -0.002 * drift + 0.004 * random.nextGaussian();
    double load =
        rate * (1 + rhythm * Math.sin(2 * Math.PI * second / DAY_SECONDS)) * Math.exp(drift);
    int requests = poisson(load * window);
    boolean pausing = random.nextDouble() < PAUSE;
    double[] taken = new double[requests];
    int failed = 0;
    for (int i = 0; i < requests; i++) {
      taken[i] = slower * latency * Math.exp(0.5 * random.nextGaussian());
      if (pausing && random.nextDouble() < 0.2) {
        taken[i] += 0.2 * random.nextDouble();
      }
      failed += random.nextDouble() < FAILING + failing ? 1 : 0;
    }
    Arrays.sort(taken);
    memory += 0.0005 + 0.00002 * load + 0.0005 * random.nextGaussian();
    if (memory > 0.7) {
      memory = 0.35 + 0.02 * random.nextGaussian();
    }
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    values.put("traffic", (double) requests / window);
    values.put("error_rate", requests == 0 ? null : (double) failed / requests);
    values.put("latency_p50", quantile(taken, 0.5));
    values.put("latency_p95", quantile(taken, 0.95));
    values.put("latency_p99", quantile(taken, 0.99));
    values.put("cpu", Math.clamp(0.03 + 0.01 * load + 0.01 * random.nextGaussian(), 0.0, 1.0));
    values.put("memory", memory);
    return values;
  }

  private int poisson(double mean) {
    double limit = Math.exp(-Math.min(mean, 700));
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  private static @Nullable Double quantile(double[] sorted, double q) {
    return sorted.length == 0 ? null : sorted[(int) Math.round(q * (sorted.length - 1))];
  }
}
