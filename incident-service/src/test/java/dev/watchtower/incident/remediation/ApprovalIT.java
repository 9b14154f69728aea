package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Risky repairs wait for a person: yes, no, too late, and not needed any more. */
class ApprovalIT extends RepairWorld {
  private String asked(String incident) {
    return newest(incident, "AWAITING_APPROVAL").path("id").asString();
  }

  @Test
  void whatIsApprovedIsDoneInThePersonsName() {
    var incident = down("fix-4");
    var id = asked(incident);
    assertThat(log(incident).getFirst().path("approveBy").asString())
        .isEqualTo(CLOCK.instant().plusSeconds(600).toString());
    assertThat(commands("fix-4")).isEmpty();
    advance(Duration.ofMinutes(9));

    var answer =
        responder().post("/api/v1/remediations/" + id + "/approve", Map.of("comment", "go on"));

    assertThat(answer.status()).isEqualTo(200);
    newest(incident, "CHECKING");
    assertThat(commands("fix-4")).containsExactly("warm");
    assertThat(log(incident).getFirst().path("decidedBy").asString()).isEqualTo("ann");
    assertThat(outcomes(incident))
        .containsExactly(
            "policy:fix-risky AWAITING_APPROVAL", "ann APPROVED", "policy:fix-risky STARTED");
    assertThat(responder().post("/api/v1/remediations/" + id + "/approve", "{}").status())
        .as("once only")
        .isEqualTo(409);
  }

  @Test
  void noMachineDecides() {
    var incident = down("fix-37");
    var id = asked(incident);

    var machine = asMachine("ci", Scope.READ, Scope.RESPOND);
    for (var word : List.of("approve", "reject")) {
      var answer = machine.post("/api/v1/remediations/" + id + "/" + word, "{}");
      assertThat(answer.status()).as(answer.body().toString()).isEqualTo(403);
      assertThat(answer.text("title")).isEqualTo("Only a person decides this");
    }

    assertThat(log(incident).getFirst().path("state").asString()).isEqualTo("AWAITING_APPROVAL");
    assertThat(commands("fix-37")).isEmpty();
  }

  @Test
  void whatIsRejectedIsNotDone() {
    var incident = down("fix-5");
    var id = asked(incident);

    var answer =
        responder().post("/api/v1/remediations/" + id + "/reject", Map.of("comment", "not now"));

    assertThat(answer.text("state")).isEqualTo("REJECTED");
    assertThat(answer.text("reason")).isEqualTo("rejected by ann: not now");
    assertThat(answer.text("decidedBy")).isEqualTo("ann");
    assertThat(commands("fix-5")).isEmpty();
    assertThat(responder().post("/api/v1/remediations/" + id + "/approve", "{}").status())
        .isEqualTo(409);
    assertThat(entries(incident, "ESCALATION")).as("a person has decided").isEmpty();
  }

  @Test
  void whatNobodyApprovesExpiresAndIsEscalated() {
    var incident = down("fix-6");
    var id = asked(incident);
    advance(Duration.ofMinutes(10).plusSeconds(1));

    var expired = newest(incident, "EXPIRED");

    assertThat(expired.path("reason").asString()).startsWith("nobody approved it by ");
    assertThat(commands("fix-6")).isEmpty();
    assertThat(entries(incident, "ESCALATION").getFirst().path("summary").asString())
        .contains("command warm on fix-6 was not approved");
    assertThat(responder().post("/api/v1/remediations/" + id + "/approve", "{}").status())
        .isEqualTo(409);
  }

  @Test
  void nobodyIsAskedTwiceForTheSame() {
    var incident = down("fix-13");
    asked(incident);
    down("fix-13", SignalStatus.FIRING);
    advance(Duration.ofSeconds(1));

    assertThat(log(incident)).hasSize(1);
    advance(Duration.ofSeconds(20));
    down("fix-13", SignalStatus.CLEARED);

    assertThat(newest(incident, "SKIPPED").path("reason").asString())
        .isEqualTo("the signal cleared before anybody approved it");
  }

  @Test
  void theGuardsAreAskedAgainAfterTheApproval() {
    var incident = down("fix-14");
    var id = asked(incident);
    var window =
        responder()
            .post(
                "/api/v1/maintenance-windows",
                Map.of(
                    "matchers", Map.of("services", List.of("fix-14")),
                    "reason", "planned",
                    "startsAt", CLOCK.instant(),
                    "endsAt", CLOCK.instant().plusSeconds(600)));
    assertThat(window.status()).as(window.body().toString()).isEqualTo(201);

    responder().post("/api/v1/remediations/" + id + "/approve", "{}");

    assertThat(newest(incident, "SKIPPED").path("reason").asString()).startsWith("not during");
    assertThat(commands("fix-14")).isEmpty();
  }

  @Test
  void whatWaitsIsFoundHoweverManyLinesCameAfterIt() {
    var incident = down("fix-45");
    var id = asked(incident);
    jdbc.sql(
            """
            insert into remediation (id, incident_id, env, playbook, action, service, target,
              fingerprint, trigger, state, planned_at)
            select gen_random_uuid(), incident_id, env, playbook, action, service, target,
              fingerprint, trigger, 'SKIPPED', planned_at
            from remediation, generate_series(1, 60) where id = cast(? as uuid)
            """)
        .param(id)
        .update();
    var all = "/api/v1/remediations?incident=" + incident;
    assertThat(responder().get(all).body().toString()).doesNotContain(id);

    var waiting = responder().get(all + "&state=AWAITING_APPROVAL").body();

    assertThat(waiting.path("items"))
        .singleElement()
        .satisfies(line -> assertThat(line.path("id").asString()).isEqualTo(id));
    assertThat(responder().get(all + "&state=NONSENSE").status()).isEqualTo(400);
  }

  @Test
  void thereIsNothingToDecideOnWhatDoesNotExist() {
    assertThat(
            responder()
                .post("/api/v1/remediations/" + UUID.randomUUID() + "/approve", "{}")
                .status())
        .isEqualTo(404);
  }
}
