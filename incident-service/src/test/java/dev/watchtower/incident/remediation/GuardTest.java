package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.incident.remediation.Repairs.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final Playbook PLAYBOOK =
      new Playbook(
          "restart",
          List.of(SignalKind.SERVICE_DOWN),
          List.of("checkout"),
          List.of(),
          List.of(),
          new Action.Restart(),
          Duration.ofMinutes(1),
          3,
          Duration.ofSeconds(30),
          null,
          false,
          false,
          Duration.ofMinutes(15));

  private static Start ago(int seconds) {
    return new Start(PLAYBOOK.name(), NOW.minusSeconds(seconds));
  }

  private static Start another(int seconds) {
    return new Start("another", NOW.minusSeconds(seconds));
  }

  @Test
  void allowsTheFirstAction() {
    assertThat(Guard.objection(PLAYBOOK, List.of(), false, NOW)).isEmpty();
  }

  @Test
  void keepsToOneAtATime() {
    assertThat(Guard.objection(PLAYBOOK, List.of(), true, NOW))
        .get()
        .asString()
        .contains("under way");
  }

  @Test
  void waitsForTheCooldownAndSaysHowLong() {
    assertThat(Guard.objection(PLAYBOOK, List.of(ago(3000), ago(20)), false, NOW))
        .hasValue("cooldown: restart acted 20 s ago, and nothing is done again for another 40 s");
    assertThat(Guard.objection(PLAYBOOK, List.of(ago(60)), false, NOW)).isEmpty();
  }

  @Test
  void keepsToTheLimitPerHour() {
    assertThat(Guard.objection(PLAYBOOK, List.of(ago(100), ago(200), ago(3599)), false, NOW))
        .get()
        .asString()
        .isEqualTo("limit: restart acted 3 times within the last hour already");
    assertThat(Guard.objection(PLAYBOOK, List.of(ago(100), ago(200), ago(3600)), false, NOW))
        .isEmpty();
  }

  @Test
  void theLimitIsThePlaybooksOwnAndTheCooldownIsNot() {
    var others = List.of(another(100), another(200), another(300), ago(400), ago(500));
    assertThat(Guard.objection(PLAYBOOK, others, false, NOW)).isEmpty();

    assertThat(Guard.objection(PLAYBOOK, List.of(another(20)), false, NOW))
        .hasValue("cooldown: another acted 20 s ago, and nothing is done again for another 40 s");
  }
}
