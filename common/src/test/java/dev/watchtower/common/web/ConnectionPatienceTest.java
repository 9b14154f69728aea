package dev.watchtower.common.web;

import static dev.watchtower.common.web.ConnectionPatience.CROWDED;
import static dev.watchtower.common.web.ConnectionPatience.FULL;
import static dev.watchtower.common.web.ConnectionPatience.SLOWEST_BYTES_A_SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.web.ConnectionPatience.Doing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionPatienceTest {
  private final ConnectionPatience patience = ConnectionPatience.USUAL;

  private boolean over(Doing doing, long millis, long bytes, double fullness) {
    return patience.isOver(doing, Duration.ofMillis(millis), bytes, fullness);
  }

  @Test
  void aHeadHasItsTimeHoweverManyBytesCome() {
    assertThat(over(Doing.HEAD, 10_000, 0, 0)).isFalse();
    assertThat(over(Doing.HEAD, 10_001, 8_000, 0)).isTrue();
  }

  @Test
  void aBodyThatComesAtAFairPaceMayTakeLong() {
    assertThat(over(Doing.BODY, 20_000, 0, 0)).isFalse();
    assertThat(over(Doing.BODY, 20_001, 15, 0)).isTrue();
    assertThat(over(Doing.BODY, 80_000, 60 * SLOWEST_BYTES_A_SECOND, 0)).isFalse();
    assertThat(over(Doing.BODY, 80_001, 60 * SLOWEST_BYTES_A_SECOND, 0)).isTrue();
  }

  @Test
  void anAnswerHasToBeTaken() {
    assertThat(over(Doing.ANSWER, 60_000, 0, 0)).isFalse();
    assertThat(over(Doing.ANSWER, 61_001, SLOWEST_BYTES_A_SECOND, 0)).isTrue();
  }

  @Test
  void ourOwnWorkAndWhoIsIdleAreLeftInPeaceWhileThereIsRoom() {
    assertThat(over(Doing.WORK, 3_600_000, 0, 1)).isFalse();
    assertThat(over(Doing.IDLE, 3_600_000, 0, CROWDED - 0.01)).isFalse();
    assertThat(over(Doing.NEW, 3_600_000, 0, CROWDED - 0.01)).isFalse();
  }

  @Test
  void whereRoomIsScarceThereIsLessTime() {
    assertThat(over(Doing.HEAD, 1_001, 0, CROWDED)).isTrue();
    assertThat(over(Doing.HEAD, 101, 0, FULL)).isTrue();
    assertThat(over(Doing.BODY, 1_001, 0, CROWDED)).isTrue();
    assertThat(over(Doing.BODY, 2_000, 16 * SLOWEST_BYTES_A_SECOND, CROWDED)).isFalse();
    assertThat(over(Doing.NEW, 101, 0, FULL)).isTrue();
    assertThat(over(Doing.IDLE, 5_001, 0, CROWDED)).isTrue();
    assertThat(over(Doing.IDLE, 1_001, 0, FULL)).isTrue();
  }

  @Test
  void lessThanScarceIsNotLengthened() {
    var short0 = new ConnectionPatience(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    assertThat(short0.isOver(Doing.HEAD, Duration.ofMillis(1), 0, 1)).isTrue();
    assertThatThrownBy(
            () -> new ConnectionPatience(Duration.ofMillis(-1), Duration.ZERO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
