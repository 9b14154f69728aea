package dev.watchtower.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Duration KEEP = Duration.ofDays(400);

  private final List<Instant> asked = new ArrayList<>();
  private int left;
  private boolean down;
  private final Retention retention = new Retention("watchtower.retention", this::remove, KEEP);

  @Test
  void removesOnceADay() {
    left = 3;
    assertThat(retention.look(NOON)).isEqualTo(3);
    assertThat(retention.look(NOON.plus(Duration.ofHours(23)))).isZero();
    retention.look(NOON.plus(Duration.ofHours(24)));

    assertThat(asked)
        .containsExactly(NOON.minus(KEEP), NOON.plus(Duration.ofHours(24)).minus(KEEP));
  }

  @Test
  void goesOnAtOnceWhereThereAreMoreThanItTakesAtATime() {
    left = 2 * Retention.BATCH + 1;

    for (int i = 0; i < 5; i++) {
      retention.look(NOON.plusSeconds(i));
    }

    assertThat(left).isZero();
    assertThat(asked).hasSize(3);
  }

  @Test
  void triesAgainAfterAFault() {
    left = 1;
    down = true;
    assertThatThrownBy(() -> retention.look(NOON)).isInstanceOf(IllegalStateException.class);
    down = false;

    assertThat(retention.look(NOON.plusSeconds(1))).isEqualTo(1);
  }

  @Test
  void refusesToKeepNothing() {
    assertThatThrownBy(
            () -> new Retention("watchtower.retention", this::remove, Duration.ofHours(23)))
        .hasMessageContaining("retention has to be 1d or more");
  }

  private int remove(Instant before, int most) {
    if (down) {
      throw new IllegalStateException("down");
    }
    asked.add(before);
    int removed = Math.min(left, most);
    left -= removed;
    return removed;
  }
}
