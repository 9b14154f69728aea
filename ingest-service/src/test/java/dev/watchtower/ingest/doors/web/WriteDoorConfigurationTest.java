package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class WriteDoorConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(WriteDoorConfiguration.class);

  @Test
  void withTheChaosAgentThereIsNoShortWay() {
    runner
        .withPropertyValues("watchtower.chaos-agent.enabled=true")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("writeDoor"));
  }

  @Test
  void elseItIsTriedToBeMade() {
    // Nothing that it needs is here.
    runner.run(context -> assertThat(context).getFailure().hasMessageContaining("writeDoor"));
    runner
        .withPropertyValues("watchtower.chaos-agent.enabled=false")
        .run(context -> assertThat(context).getFailure().hasMessageContaining("writeDoor"));
  }
}
