package dev.watchtower.incident.notification.discord;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  @Test
  void neverLetsMoreThroughInASecondThanItHoldsPlusWhatFlowsIn() {
    var nanos = new AtomicLong(-7);
    var bucket = new TokenBucket(50, nanos::get);

    for (int i = 0; i < 50; i++) {
      assertThat(bucket.take()).isZero();
    }
    assertThat(bucket.take()).isEqualTo(Duration.ofMillis(20));
    nanos.addAndGet(Duration.ofMillis(19).toNanos());
    assertThat(bucket.take()).isPositive();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(bucket.take()).isZero();
    assertThat(bucket.take()).isPositive();
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    int through = 0;
    while (bucket.take().isZero()) {
      through++;
    }
    assertThat(through).isEqualTo(50);
  }
}
