package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.TestKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random operations on two instances over one real database, against a simple model,
 * with restarts in between and a Discord that fails in every way. docs/lifecycle.md has the command
 * for longer runs.
 */
class ModelIT {
  private static final int STEPS = Integer.getInteger("watchtower.model.steps", 400);
  private static final int RUNS = Integer.getInteger("watchtower.model.runs", 1);
  private static final long SEED = Long.getLong("watchtower.model.seed", 20261126);
  private static final String POLICIES =
      """
        policies:
          - name: worst
            severities: [SEV1]
            steps: [{after: 5m, people: [ann]}, {after: 5m, people: [boss]}]
            repeat: 1
      """
          .stripTrailing();

  @Test
  void whateverHappensTheIncidentsAreAsTheModelHasThem() throws IOException {
    var clock = MutableClock.ofAFixedDay();
    var discord = new UnreliableDiscord(SEED);
    var world = ServiceInstance.World.of(new TestKeys(), clock, discord.url(), POLICIES);
    Supplier<ServiceInstance> starter = () -> new ServiceInstance(world);
    try (var first = starter.get();
        var second = starter.get()) {
      var instances = List.of(first, second);
      var incidents = new ArrayList<String>();
      for (int run = 0; run < RUNS; run++) {
        long seed = SEED + run;
        System.out.println("model: seed " + seed + ", " + STEPS + " steps");
        var restarts = new Random(seed);
        var model = new ModelRun(instances, clock, seed);
        for (int step = 0; step < STEPS; step++) {
          if (step % 20 == 0) {
            discord.failAtRandom(1);
          }
          if (step == STEPS / 2 || (RUNS > 1 && step % 500 == 499)) {
            instances.get(restarts.nextInt(2)).restart();
          }
          model.step();
        }
        var after = new Aftermath(first.api(), discord);
        clock.advance(Duration.ofSeconds(1));
        model.model().all().forEach(after::check);
        model.model().all().forEach(k -> incidents.add(k.id));
      }
      new Aftermath(second.api(), discord).checkMessages(incidents);
      assertThat(discord.faultsMet()).as("Discord really failed").isGreaterThan(3);
      assertThat(incidents.size()).as("much happened").isGreaterThan(RUNS * 5);
    } finally {
      discord.close();
    }
  }
}
