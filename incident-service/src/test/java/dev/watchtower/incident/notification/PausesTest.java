package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PausesTest {
  @Test
  void aPauseEndsWithItsTimeAndOneOfAKindHoldsEveryChannelOfIt() {
    var nanos = new AtomicLong(-5);
    var pauses = new Pauses(nanos::get);
    pauses.pause("a", Duration.ofSeconds(2));
    pauses.pause("a", Duration.ofSeconds(1));
    pauses.pauseKind("discord", Duration.ofSeconds(1));

    assertThat(pauses.left("a", "discord")).isEqualTo(Duration.ofSeconds(2));
    assertThat(pauses.left("b", "discord")).isEqualTo(Duration.ofSeconds(1));
    assertThat(pauses.left("c", "slack")).isZero();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(pauses.left("b", "discord")).isZero();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(pauses.left("a", "discord")).isZero();
  }

  @Test
  void eachFailureInARowWaitsTwiceAsLongUntilAPersonOrAnAnswerEndsIt() {
    var pauses = new Pauses(() -> 0);

    assertThat(pauses.failed("a", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    assertThat(pauses.failed("a", Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 20; i++) {
      pauses.failed("a", Duration.ZERO);
    }
    assertThat(pauses.failed("a", Duration.ZERO)).isEqualTo(Duration.ofSeconds(64));
    pauses.forget("a");
    assertThat(pauses.left("a", "slack")).isZero();
    assertThat(pauses.failed("a", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aFailureWaitsAsLongAsTheChannelSaysAtLeast() {
    var pauses = new Pauses(() -> 0);

    assertThat(pauses.failed("a", Duration.ofSeconds(120))).isEqualTo(Duration.ofSeconds(120));
    assertThat(pauses.left("a", "slack")).isEqualTo(Duration.ofSeconds(120));
    assertThat(pauses.failed("b", Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(500));
  }
}
