package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.Observation.BREACH;
import static dev.watchtower.ingest.detection.Observation.FINE;
import static dev.watchtower.ingest.detection.Observation.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleStateTest {
  private RuleState state = RuleState.QUIET;
  private final List<String> changes = new ArrayList<>();
  private RuleTiming timing =
      new RuleTiming(Duration.ofSeconds(3), Duration.ofSeconds(10), RuleTiming.LONGEST_GAP);

  private void see(Observation observation, long second) {
    RuleState.Decision decision = RuleState.decide(timing, state, observation, second * 1000);
    state = decision.next();
    if (decision.change() != RuleState.Change.NONE) {
      changes.add(second + " " + decision.change() + " since " + decision.since() / 1000);
    }
  }

  @Test
  void firesWhenTheBreachHasLastedLongEnough() {
    for (int s = 0; s <= 5; s++) {
      see(BREACH, s);
    }

    assertThat(changes).containsExactly("3 FIRED since 0");
  }

  @Test
  void startsOverWhenTheBreachIsInterrupted() {
    see(BREACH, 0);
    see(BREACH, 2);
    see(FINE, 3);
    see(BREACH, 4);
    see(BREACH, 6);
    assertThat(changes).isEmpty();
    see(BREACH, 7);
    assertThat(changes).containsExactly("7 FIRED since 4");
  }

  @Test
  void firesAtOnceWithoutPatience() {
    timing = new RuleTiming(Duration.ZERO, Duration.ZERO, RuleTiming.LONGEST_GAP);

    see(BREACH, 5);
    see(FINE, 6);

    assertThat(changes).containsExactly("5 FIRED since 5", "6 CLEARED since 6");
  }

  @Test
  void clearsWhenItHasBeenFineLongEnough() {
    see(BREACH, 0);
    see(BREACH, 3);
    see(FINE, 4);
    see(FINE, 13);
    see(BREACH, 13);
    see(FINE, 20);
    see(FINE, 29);
    assertThat(changes).containsExactly("3 FIRED since 0");
    see(FINE, 30);
    assertThat(changes).containsExactly("3 FIRED since 0", "30 CLEARED since 20");
  }

  @Test
  void concludesNothingFromSilence() {
    see(BREACH, 0);
    see(BREACH, 3);
    see(UNKNOWN, 100);
    see(UNKNOWN, 200);

    assertThat(state).isInstanceOf(RuleState.Firing.class);
    assertThat(changes).hasSize(1);
  }

  @Test
  void doesNotCountALongGapAsPartOfABreach() {
    see(BREACH, 0);
    see(BREACH, 1_000);
    assertThat(changes).isEmpty();
    see(BREACH, 1_003);
    assertThat(changes).containsExactly("1003 FIRED since 1000");
  }
}
