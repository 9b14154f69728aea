package dev.watchtower.shop.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CustomersTest {
  @Test
  void comeAtTheRateAskedForOnAverage() {
    var customers = new Customers(new Random(7), 10);
    var elapsed = Duration.ZERO;
    int count = 0;
    while (elapsed.compareTo(Duration.ofMinutes(5)) < 0) {
      elapsed = elapsed.plus(customers.untilNext(elapsed));
      count++;
    }

    assertThat(count).isBetween(2800, 3200);
  }

  @Test
  void comeMoreOftenOnTheWaveThanInTheTrough() {
    assertThat(arrivals(Duration.ofSeconds(75)))
        .isGreaterThan(arrivals(Duration.ofSeconds(225)) * 1.2);
  }

  @Test
  void doTheSameForTheSameSeed() {
    var one = new Customers(new Random(42), 10);
    var other = new Customers(new Random(42), 10);

    for (int i = 0; i < 100; i++) {
      assertThat(one.untilNext(Duration.ZERO)).isEqualTo(other.untilNext(Duration.ZERO));
      assertThat(one.next()).isEqualTo(other.next());
    }
  }

  @Test
  void refuseARateThatIsNone() {
    assertThatThrownBy(() -> new Customers(new Random(1), 0)).hasMessageContaining("shop.rate");
    assertThatThrownBy(() -> new Customers(new Random(1), Double.NaN))
        .hasMessageContaining("shop.rate");
  }

  private static double arrivals(Duration at) {
    var customers = new Customers(new Random(3), 10);
    double mean =
        IntStream.range(0, 5000)
            .mapToLong(i -> customers.untilNext(at).toNanos())
            .average()
            .orElseThrow();
    return 1e9 / mean;
  }
}
