package dev.watchtower.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeAutoConfigurationTest {
  @Test
  void theClockHasNoFinerTimesThanTheDatabaseKeeps() {
    var clock = new TimeAutoConfiguration().clock();

    for (int i = 0; i < 100; i++) {
      assertThat(clock.instant().getNano() % 1000).isZero();
    }
  }
}
