package dev.watchtower.shop.traffic;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Decides what customers do and when: arrivals are a Poisson process whose rate swings by a fifth
 * over five minutes. The same seed gives the same customers.
 */
final class Customers {
  private static final List<String> SKUS =
      List.of("lamp", "mug", "chair", "desk", "plant", "clock");
  private static final double WAVE_SECONDS = 300;
  private static final double WAVE = 0.2;

  /** What a customer does. */
  sealed interface Visit {
    /** Looks around. */
    record Browse() implements Visit {}

    /** Buys something. */
    record Buy(String sku, int quantity) implements Visit {}
  }

  private final RandomGenerator random;
  private final double rate;

  /** Customers at {@code rate} per second on average. */
  Customers(RandomGenerator random, double rate) {
    if (!(rate > 0) || rate > 1000) {
      throw new IllegalArgumentException(
          "shop.rate: expected more than 0 and at most 1000, found " + rate);
    }
    this.random = random;
    this.rate = rate;
  }

  /** How long until the next one comes, {@code elapsed} after the first. */
  Duration untilNext(Duration elapsed) {
    double phase = elapsed.toMillis() / 1000.0 / WAVE_SECONDS * 2 * Math.PI;
    double now = rate * (1 + WAVE * Math.sin(phase));
    double seconds = -Math.log(1 - random.nextDouble()) / now;
    return Duration.ofNanos((long) (Math.min(seconds, 5) * 1e9));
  }

  /** What the next one does: half of them buy. */
  Visit next() {
    return random.nextBoolean()
        ? new Visit.Browse()
        : new Visit.Buy(SKUS.get(random.nextInt(SKUS.size())), 1 + random.nextInt(3));
  }
}
