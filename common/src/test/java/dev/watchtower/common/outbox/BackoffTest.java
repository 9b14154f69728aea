package dev.watchtower.common.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doublesFromOneSecondToOneMinuteGiveOrTakeAFifth() {
    var random = new SplittableRandom(1);
    long[] bases = {1, 2, 4, 8, 16, 32, 60, 60};
    for (int attempt = 1; attempt <= bases.length; attempt++) {
      for (int i = 0; i < 100; i++) {
        assertThat(Backoff.after(attempt, random).toMillis())
            .as("attempt %d", attempt)
            .isBetween(bases[attempt - 1] * 800, bases[attempt - 1] * 1_200);
      }
    }
    assertThat(Backoff.after(1_000_000, random).toMillis()).isBetween(48_000L, 72_000L);
  }
}
