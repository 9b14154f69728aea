package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A command beside the process of another service than that whose signals ask for it. */
class OtherProcessIT extends RepairWorld {
  @Test
  void theCommandAndItsProcessAreOnRecordAndShownToWhoApproves() {
    var incident = down("fix-47");

    var line = newest(incident, "AWAITING_APPROVAL");

    assertThat(line.path("service").asString()).isEqualTo("fix-47");
    assertThat(line.path("target").asString()).isEqualTo("fix-48");
    assertThat(line.path("command").asString()).isEqualTo("flush");
    var asked = entries(incident, "REMEDIATION").getFirst();
    assertThat(asked.path("summary").asString())
        .startsWith("command flush on fix-48: waits for a person's approval");
    var inputs = asked.path("data").path("inputs");
    assertThat(inputs.path("process").asString()).isEqualTo("fix-48");
    assertThat(inputs.path("command").asString()).isEqualTo("flush");
    assertThat(inputs.path("service").asString()).isEqualTo("fix-47");

    responder().post("/api/v1/remediations/" + line.path("id").asString() + "/approve", "{}");

    newest(incident, "CHECKING");
    assertThat(commands("fix-48")).containsExactly("flush");
  }

  @Test
  void whatAPersonApprovedIsNotDoneOnceTheCatalogHasAnotherCommand() {
    var incident = down("fix-51");
    newest(incident, "AWAITING_APPROVAL");
    change(incident, "command = 'drop', decided_by = 'ann', state = 'PLANNED'");

    assertIsAskedAnew(incident, "the catalog has another action for it now");
  }

  @Test
  void whatAPersonIsYetToApproveIsAskedAnewOnceTheCatalogHasAnotherAction() {
    var incident = down("fix-56");
    newest(incident, "AWAITING_APPROVAL");
    // As a line of old, of which the process is not known.
    change(incident, "command = null, target = service");

    assertIsAskedAnew(incident, "what would be done is another now than what was shown");
  }

  private void assertIsAskedAnew(String incident, String why) {
    soon().until(() -> log(incident).size() == 2);
    assertThat(newest(incident, "AWAITING_APPROVAL").path("target").asString()).isEqualTo("fix-48");
    var first = log(incident).getLast();
    assertThat(first.path("state").asString()).isEqualTo("SKIPPED");
    assertThat(first.path("reason").asString()).isEqualTo(why);
  }

  private void change(String incident, String assignments) {
    jdbc.sql("update remediation set %s where id = cast(? as uuid)".formatted(assignments))
        .param(log(incident).getFirst().path("id").asString())
        .update();
  }

  @Test
  void itIsTakenBackWhereItRan() {
    signalIs("fix-54", "error_rate", 0.4);
    var incident = down("fix-54");
    newest(incident, "CHECKING");
    advance(Duration.ofSeconds(61));

    newest(incident, "FAILED");

    soon().until(() -> commands("fix-55").equals(List.of("warm", "cool")));
    assertThat(commands("fix-54")).isEmpty();
  }

  @Test
  void aWindowOverTheProcessStopsIt() {
    var window =
        responder()
            .post(
                "/api/v1/maintenance-windows",
                Map.of(
                    "matchers", Map.of("services", List.of("fix-53")),
                    "reason", "planned",
                    "startsAt", CLOCK.instant(),
                    "endsAt", CLOCK.instant().plusSeconds(600)));
    assertThat(window.status()).as(window.body().toString()).isEqualTo(201);

    assertThat(newest(down("fix-52"), "SKIPPED").path("reason").asString())
        .startsWith("not during");
    assertThat(commands("fix-53")).isEmpty();
  }

  @Test
  void itIsNotRunBesideARestartOfTheProcess() {
    newest(down("fix-50"), "CHECKING");

    assertThat(newest(down("fix-49"), "SKIPPED").path("reason").asString())
        .isEqualTo("another repair of the service, or of the process, is under way");
    assertThat(commands("fix-50")).isEmpty();
  }

  @Test
  void whatAnotherPlaybookDidToTheProcessCountsForTheCooldownOnly() {
    processIs("fix-57", "HEALTHY");
    newest(down("fix-57"), "SUCCEEDED");
    var incident = down("fix-58");
    assertThat(newest(incident, "SKIPPED").path("reason").asString())
        .startsWith("cooldown: fix-restart acted ");
    advance(Duration.ofSeconds(61));
    down("fix-58", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));

    var next = down("fix-58");

    newest(next, "CHECKING");
    assertThat(commands("fix-57")).containsExactly("flush");
  }
}
