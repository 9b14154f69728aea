package dev.watchtower.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignalTest {
  @Test
  void theNameOfTheRuleIsSaidOnce() {
    assertThat(Signal.named("worse", "worse: error_rate is 7 %"))
        .isEqualTo("worse: error_rate is 7 %");
    assertThat(Signal.named("worse", "Over: worse: error_rate is back at 0 %"))
        .isEqualTo("Over: worse: error_rate is back at 0 %");
    assertThat(Signal.named("worse", "Too many requests fail: 7 %"))
        .isEqualTo("worse: Too many requests fail: 7 %");
    assertThat(Signal.named("worse", "worse than before")).isEqualTo("worse: worse than before");
  }
}
