package dev.watchtower.launcher.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomWalkTest {
  private static final int STEPS = 20_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 42, 4711})
  void keepsItsPromisesWhateverHappens(long seed) {
    var random = new SplittableRandom(seed);
    var state = ProcessState.initial();
    var now = Duration.ZERO;
    boolean alive = false;
    for (int step = 0; step < STEPS; step++) {
      now = now.plusMillis(random.nextInt(4000));
      var event = event(random, alive);
      var decision = Lifecycle.decide(state, event, now, Lifecycle.GRACE);
      if (event instanceof ProcessEvent.Exited) {
        alive = false;
      }
      for (var action : decision.actions()) {
        if (action == Decision.Action.LAUNCH) {
          assertThat(alive).as("launched twice, seed %s step %s %s", seed, step, event).isFalse();
          alive = true;
        }
      }
      var next = decision.next();
      assertThat(next.alive()).as("seed %s step %s %s", seed, step, event).isEqualTo(alive);
      assertThat(next.leases().size()).isLessThanOrEqualTo(Lifecycle.MAX_LEASES);
      assertThat(next.endedLeases().size()).isLessThanOrEqualTo(64);
      if (next.phase() != Phase.HELD_DOWN) {
        assertThat(next.leases()).as("seed %s step %s %s", seed, step, event).isEmpty();
      }
      if (!next.wanted()) {
        assertThat(next.phase()).isIn(Phase.STOPPED, Phase.STOPPING);
      }
      assertThat(next.restarts()).isGreaterThanOrEqualTo(state.restarts());
      state = next;
    }
  }

  private static ProcessEvent event(RandomGenerator random, boolean alive) {
    var lease = "lease" + random.nextInt(200);
    List<ProcessEvent> possible =
        List.of(
            new ProcessEvent.Start(),
            new ProcessEvent.Stop(),
            new ProcessEvent.Restart(),
            new ProcessEvent.Repair(),
            new ProcessEvent.Probed(random.nextBoolean()),
            new ProcessEvent.Tick(),
            new ProcessEvent.Tick(),
            new ProcessEvent.HoldDown(lease, Duration.ofMillis(1 + random.nextInt(20_000))),
            new ProcessEvent.Release(lease),
            // Only what runs can end.
            alive ? new ProcessEvent.Exited() : new ProcessEvent.Tick());
    return possible.get(random.nextInt(possible.size()));
  }
}
