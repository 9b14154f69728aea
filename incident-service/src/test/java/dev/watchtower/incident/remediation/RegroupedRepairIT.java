package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Repairs of signals that people give to another incident. */
class RegroupedRepairIT extends RepairWorld {
  private String another() {
    return responder()
        .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
        .text("incident");
  }

  private void merge(String from, String into) {
    assertThat(
            responder().post("/api/v1/incidents/" + from + "/merge", Map.of("into", into)).status())
        .isEqualTo(200);
  }

  private void approve(String incident) {
    var id = log(incident).getFirst().path("id").asString();
    assertThat(responder().post("/api/v1/remediations/" + id + "/approve", "{}").status())
        .isEqualTo(200);
  }

  @Test
  void aRepairGoesOnWhereItsSignalWasMergedInto() {
    var from = down("fix-30");
    newest(from, "AWAITING_APPROVAL");
    var into = another();

    merge(from, into);
    approve(into);

    newest(into, "CHECKING");
    assertThat(log(from)).isEmpty();
    advance(Duration.ofSeconds(1));
    down("fix-30", SignalStatus.CLEARED);
    assertThat(newest(into, "SUCCEEDED").path("reason").asString())
        .isEqualTo("the signal that started it cleared");
    assertThat(commands("fix-30")).containsExactly("warm");
    assertThat(outcomes(into)).last().isEqualTo("policy:fix-risky SUCCEEDED");
  }

  @Test
  void whatIsAwaitedEndsWhenTheSignalClearsWhereItIsNow() {
    var from = down("fix-31");
    newest(from, "AWAITING_APPROVAL");
    var into = another();
    merge(from, into);

    advance(Duration.ofSeconds(1));
    down("fix-31", SignalStatus.CLEARED);

    assertThat(newest(into, "SKIPPED").path("reason").asString())
        .isEqualTo("the signal cleared before anybody approved it");
  }

  @Test
  void aRepairGoesWithItsSignalIntoTheIncidentThatIsSplitOff() {
    var joint = down("fix-callee");
    assertThat(down("fix-caller")).isEqualTo(joint);
    newest(joint, "AWAITING_APPROVAL");

    var split =
        responder()
            .post(
                "/api/v1/incidents/" + joint + "/split",
                Map.of("fingerprints", List.of("down|fix-caller|prod")))
            .text("id");
    approve(split);

    newest(split, "CHECKING");
    assertThat(log(joint)).isEmpty();
    advance(Duration.ofSeconds(1));
    down("fix-caller", SignalStatus.CLEARED);
    newest(split, "SUCCEEDED");
  }

  @Test
  void withoutAnIncidentThatLastsNothingIsDone() {
    var incident = down("fix-32");
    newest(incident, "AWAITING_APPROVAL");
    responder()
        .post(
            "/api/v1/incidents/" + incident + "/transitions",
            Map.of("event", "DISMISS", "comment", "not ours"));

    assertThat(newest(incident, "SKIPPED").path("reason").asString())
        .isEqualTo("no incident that lasts has the signal that asked for it any more");
  }
}
