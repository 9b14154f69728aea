package dev.watchtower.incident.signals.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SignalDoorConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(SignalDoorConfiguration.class);

  @Test
  void withTheChaosAgentThereIsNoShortWay() {
    runner
        .withPropertyValues("watchtower.chaos-agent.enabled=true")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("signalDoor"));
  }

  @Test
  void elseItIsTriedToBeMade() {
    // Nothing that it needs is here.
    runner.run(context -> assertThat(context).getFailure().hasMessageContaining("signalDoor"));
    runner
        .withPropertyValues("watchtower.chaos-agent.enabled=false")
        .run(context -> assertThat(context).getFailure().hasMessageContaining("signalDoor"));
  }
}
