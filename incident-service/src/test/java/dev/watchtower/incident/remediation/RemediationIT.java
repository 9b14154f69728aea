package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Playbooks, their guards and their effect, against stand-ins over real HTTP. */
class RemediationIT extends RepairWorld {
  @Test
  void aServiceThatIsDownIsRestartedOnceAndTheOutcomeIsChecked() {
    processIs("fix-1", "STARTING");
    var incident = down("fix-1");
    newest(incident, "CHECKING");

    processIs("fix-1", "HEALTHY");
    var done = newest(incident, "SUCCEEDED");

    assertThat(done.path("effect").asString()).isEqualTo("MET");
    assertThat(done.path("expected").isNull()).isTrue();
    assertThat(restarts("fix-1")).isEqualTo(1);
    assertThat(SUPERVISOR.requests())
        .filteredOn(r -> r.method().equals("POST"))
        .allMatch(r -> r.authorization().startsWith("Bearer "));
    assertThat(outcomes(incident))
        .containsExactly("policy:fix-restart STARTED", "policy:fix-restart SUCCEEDED");

    advance(Duration.ofSeconds(20));
    down("fix-1", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));
    down("fix-1");
    soon().until(() -> log(incident).size() == 2);
    assertThat(newest(incident, "SKIPPED").path("reason").asString()).startsWith("cooldown");
    assertThat(restarts("fix-1")).isEqualTo(1);
  }

  @Test
  void theShippedPlaybookWantsTheProcessHealthyAndItsUsersServed() {
    processIs("checkout", "STARTING");
    signalIs("checkout", "error_rate", 0.0);
    var incident = down("checkout");
    newest(incident, "CHECKING");
    advance(Duration.ofSeconds(1));
    processIs("checkout", "HEALTHY");

    var done = newest(incident, "SUCCEEDED");

    assertThat(done.path("expected").path("signal").asString()).isEqualTo("error_rate");
    assertThat(done.path("expected").path("comparison").asString()).isEqualTo("<");
    assertThat(done.path("expected").path("value").asDouble()).isEqualTo(0.05);
    assertThat(done.path("expected").path("within").asString()).isEqualTo("60s");
    assertThat(done.path("before").asDouble()).isZero();
    assertThat(done.path("after").asDouble()).isZero();
    assertThat(done.path("outcome").asString()).isEqualTo("the supervisor restarts it");
  }

  @Test
  void aRestartThatDoesNotHelpCountsAsFailedAndIsEscalated() {
    processIs("fix-15", "UNHEALTHY");
    var incident = down("fix-15");
    newest(incident, "CHECKING");

    advance(Duration.ofSeconds(31));
    var failed = newest(incident, "FAILED");

    assertThat(failed.path("reason").asString()).isEqualTo("not healthy within 30 s");
    assertThat(failed.path("effect").asString()).isEqualTo("NOT_MET");
    var escalation = entries(incident, "ESCALATION").getFirst();
    assertThat(escalation.path("summary").asString())
        .isEqualTo("Escalated on discord: restart fix-15 did not help");
    soon()
        .until(() ->
            DISCORD.messagesWith(incident).values().stream()
                .anyMatch(m -> m.toString().contains("did not help")));
  }

  @Test
  void whereNobodyCanBeToldThatItDidNotHelpTheTimelineSaysWhy() {
    processIs("fix-46", "UNHEALTHY");
    var incident = down("fix-46", "lab", SignalStatus.FIRING);
    newest(incident, "CHECKING");

    advance(Duration.ofSeconds(31));
    newest(incident, "FAILED");

    assertThat(entries(incident, "ESCALATION").getFirst().path("summary").asString())
        .startsWith("Nobody could be told that restart fix-46 did not help: unset: no address: ")
        .doesNotContain("[");
  }

  @Test
  void anEffectThatIsNotSeenIsTakenBackAndEscalatedByThePolicy() {
    signalIs("fix-12", "error_rate", 0.4);
    var incident = down("fix-12");
    newest(incident, "CHECKING");
    signalIs("fix-12", "error_rate", 0.2);
    advance(Duration.ofSeconds(61));

    newest(incident, "FAILED");
    soon()
        .untilAsserted(() ->
            assertThat(log(incident).getFirst().path("undo").path("state").asString())
                .as(log(incident).toString())
                .isEqualTo("DONE"));

    var failed = log(incident).getFirst();
    assertThat(failed.path("before").asDouble()).isEqualTo(0.4);
    assertThat(failed.path("after").asDouble()).isEqualTo(0.2);
    assertThat(failed.path("reason").asString())
        .isEqualTo("error_rate is 0.2 after 60 s, expected < 0.01");
    assertThat(commands("fix-12")).containsExactly("warm", "cool");
    assertThat(outcomes(incident))
        .containsExactly(
            "policy:fix-command STARTED", "policy:fix-command FAILED", "policy:fix-command UNDONE");
    var ended = entries(incident, "REMEDIATION").get(1).path("data");
    assertThat(ended.path("durationMillis").asLong()).isEqualTo(61_000);
    assertThat(ended.path("inputs").path("expected").asString())
        .isEqualTo("error_rate < 0.01 within 60s");
    // The policy would have waited an hour.
    soon().until(() -> entries(incident, "ESCALATION").size() == 3);
    assertThat(entries(incident, "ESCALATION"))
        .extracting(e -> e.path("summary").asString())
        .containsExactly(
            "Escalating at once: command warm on fix-12 did not help",
            "Escalated to boss on discord (step 1 of 1)",
            "All steps of the escalation were done, and nobody took it up");
  }

  @Test
  void anEffectIsMetByANewValueOnly() {
    signalIs("fix-2", "error_rate", 0.0);
    var incident = down("fix-2");
    newest(incident, "CHECKING");
    // The clock stands: what ingest shows is not newer than the action.
    assertThat(log(incident).getFirst().path("effect").asString()).isEqualTo("PENDING");

    advance(Duration.ofSeconds(2));

    var done = newest(incident, "SUCCEEDED");
    assertThat(done.path("reason").asString()).isEqualTo("error_rate is 0");
    assertThat(commands("fix-2")).containsExactly("warm");
    assertThat(done.path("undo").isNull()).isTrue();
  }

  @Test
  void withIngestAwayTheEffectIsUnknownAndSaidAndNothingIsTakenBack() {
    ingestIsAway();
    var incident = down("fix-3");
    newest(incident, "CHECKING");
    advance(Duration.ofSeconds(61));

    var unverified = newest(incident, "UNVERIFIED");

    assertThat(unverified.path("effect").asString()).isEqualTo("UNKNOWN");
    assertThat(unverified.path("reason").asString())
        .isEqualTo("effect unknown: ingest answered 503");
    assertThat(commands("fix-3")).containsExactly("warm");
    assertThat(entries(incident, "ESCALATION").getFirst().path("summary").asString())
        .contains("nobody can say if it helped");
  }

  @Test
  void aSupervisorThatRefusesIsReported() {
    SUPERVISOR.behave(request -> new Reply(404, "{}"));
    var incident = down("fix-16");

    assertThat(newest(incident, "FAILED").path("reason").asString()).contains("404");

    var id = log(incident).getFirst().path("id").asString();
    var answer = responder().post("/api/v1/remediations/" + id + "/approve", "{}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("type")).isEqualTo("/problems/nothing-to-approve");
  }

  @Test
  void aDryRunOnlySaysWhatItWouldHaveDone() {
    var incident = down("fix-10");

    var skipped = newest(incident, "SKIPPED");

    assertThat(skipped.path("dryRun").asBoolean()).isTrue();
    assertThat(skipped.path("reason").asString()).startsWith("dry run");
    assertThat(restarts("fix-10")).isZero();
    assertThat(outcomes(incident)).containsExactly("policy:fix-dry SKIPPED");
  }

  @Test
  void aPlaybookForAStateWaitsForTheIncidentToComeIntoIt() {
    processIs("fix-11", "HEALTHY");
    var incident = down("fix-11");
    assertThat(log(incident)).isEmpty();

    for (var event : new String[] {"INVESTIGATE", "IDENTIFY"}) {
      responder().post("/api/v1/incidents/" + incident + "/transitions", Map.of("event", event));
    }

    newest(incident, "SUCCEEDED");
    assertThat(restarts("fix-11")).isEqualTo(1);
  }

  @Test
  void nothingIsDoneDuringMaintenance() {
    var window =
        responder()
            .post(
                "/api/v1/maintenance-windows",
                Map.of(
                    "matchers", Map.of("services", List.of("fix-17")),
                    "reason", "planned",
                    "startsAt", CLOCK.instant(),
                    "endsAt", CLOCK.instant().plusSeconds(600)));
    assertThat(window.status()).as(window.body().toString()).isEqualTo(201);

    var incident = down("fix-17");

    assertThat(newest(incident, "SKIPPED").path("reason").asString()).startsWith("not during");
  }

  @Test
  void whatARestartCutShortIsCheckedAndNotDoneAgain() {
    signalIs("fix-21", "error_rate", 0.0);
    var incident = down("fix-21");
    newest(incident, "CHECKING");
    // As it is when the process dies while the command runs.
    jdbc.sql("update remediation set state = 'RUNNING', outcome = null where service = 'fix-21'")
        .update();
    advance(Duration.ofSeconds(59));
    assertThat(log(incident).getFirst().path("state").asString()).isEqualTo("RUNNING");

    advance(Duration.ofSeconds(2));

    var done = newest(incident, "SUCCEEDED");
    assertThat(done.path("outcome").asString())
        .isEqualTo("cut short by a restart: whether it was done is not known");
    assertThat(commands("fix-21")).containsExactly("warm");
  }

  @Test
  void anUndoThatARestartCutShortIsSaidAndNotTriedAgain() {
    signalIs("fix-22", "error_rate", 0.0);
    var incident = down("fix-22");
    newest(incident, "CHECKING");
    advance(Duration.ofSeconds(2));
    newest(incident, "SUCCEEDED");
    jdbc.sql("update remediation set undo_state = 'RUNNING' where service = 'fix-22'").update();

    advance(Duration.ofSeconds(61));

    soon()
        .until(
            () -> log(incident).getFirst().path("undo").path("state").asString().equals("FAILED"));
    assertThat(commands("fix-22")).containsExactly("warm");
    assertThat(outcomes(incident)).last().isEqualTo("policy:fix-command UNDO_FAILED");
  }

  @Test
  void theLimitPerHourFreesItselfWithTime() {
    processIs("fix-23", "HEALTHY");
    var incident = down("fix-23");
    newest(incident, "SUCCEEDED");
    advance(Duration.ofSeconds(70));
    down("fix-23", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));
    down("fix-23");
    soon().until(() -> log(incident).size() == 2);
    assertThat(newest(incident, "SKIPPED").path("reason").asString())
        .isEqualTo("limit: fix-limit acted 1 times within the last hour already");

    advance(Duration.ofMinutes(59));
    down("fix-23", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));
    var next = down("fix-23");

    soon().until(() -> log(next).getFirst().path("state").asString().equals("SUCCEEDED"));
    assertThat(restarts("fix-23")).isEqualTo(2);
  }

  @Test
  void whatFailsInAnotherEnvironmentRestartsNothing() {
    processIs("fix-27", "HEALTHY");

    var staging = down("fix-27", "staging", SignalStatus.FIRING);

    assertThat(newest(staging, "SKIPPED").path("reason").asString())
        .isEqualTo("the process fix-27 runs in prod, not staging");
    assertThat(restarts("fix-27")).isZero();
    newest(down("fix-27"), "SUCCEEDED");
    assertThat(restarts("fix-27")).isEqualTo(1);
  }

  @Test
  void aPlaybookIsForTheEnvironmentsThatItNames() {
    processIs("fix-29", "HEALTHY");
    var prod = down("fix-29");

    newest(down("fix-29", "lab", SignalStatus.FIRING), "SUCCEEDED");

    assertThat(restarts("fix-29")).isEqualTo(1);
    assertThat(log(prod)).isEmpty();
  }

  @Test
  void whatIsDoneInOneEnvironmentKeepsNothingFromAnother() {
    newest(down("fix-42"), "CHECKING");

    newest(down("fix-42", "staging", SignalStatus.FIRING), "CHECKING");

    newest(down("fix-43"), "AWAITING_APPROVAL");
    newest(down("fix-43", "staging", SignalStatus.FIRING), "AWAITING_APPROVAL");
  }

  @Test
  void aProcessIsTheSameForAllEnvironments() {
    newest(down("fix-44"), "CHECKING");

    var lab = down("fix-44", "lab", SignalStatus.FIRING);

    assertThat(newest(lab, "SKIPPED").path("reason").asString())
        .isEqualTo("another repair of the service, or of the process, is under way");
    assertThat(restarts("fix-44")).isEqualTo(1);
  }

  @Test
  void otherSignalsRepairNothing() {
    var service = freshService();
    var incident = down(service);

    assertThat(log(incident)).isEmpty();
    assertThat(restarts(service)).isZero();
  }
}
