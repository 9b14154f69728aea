package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Many signals that a playbook is for. */
class RepairStormIT extends RepairWorld {
  @Autowired private Repairs repairs;
  @Autowired private PlatformTransactionManager manager;

  private String report(String service, String rule, SignalStatus status) {
    return down(service, "prod", rule, rule + "|" + service, status);
  }

  @Test
  void aStormOfSignalsPlansOneRepair() {
    processIs("fix-34", "STARTING");
    var incident = report("fix-34", "r0", SignalStatus.FIRING);
    for (int i = 1; i < 20; i++) {
      assertThat(report("fix-34", "r" + i, SignalStatus.FIRING)).isEqualTo(incident);
    }
    newest(incident, "CHECKING");

    processIs("fix-34", "HEALTHY");

    // What still fires then is not forgotten, but it is too soon.
    assertThat(newest(incident, "SKIPPED").path("reason").asString()).startsWith("cooldown: ");
    assertThat(log(incident)).hasSize(2);
    assertThat(log(incident).getLast().path("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(restarts("fix-34")).isEqualTo(1);
    assertThat(onCards(incident)).as("on cards").contains("succeeded");
  }

  @Test
  void aCardSaysThatNobodyRepairsWhatIsDownAgain() {
    processIs("fix-36", "HEALTHY");
    var incident = down("fix-36");
    newest(incident, "SUCCEEDED");
    advance(Duration.ofSeconds(20));
    down("fix-36", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));
    down("fix-36");
    newest(incident, "SKIPPED");

    assertThat(onCards(incident)).startsWith("restart fix-36: not done (cooldown: fix-restart");
    soon()
        .until(() ->
            DISCORD.messagesWith(incident).values().stream()
                .anyMatch(m -> m.toString().contains("nothing is done again")));

    advance(Duration.ofSeconds(1));
    down("fix-36", SignalStatus.CLEARED);
    assertThat(onCards(incident)).as("nothing to repair").contains("succeeded");
  }

  private String onCards(String incident) {
    return repairs.lastFor(UUID.fromString(incident));
  }

  @Test
  void whatBeganToFireMeanwhileIsRepairedAfterwards() {
    var incident = report("fix-38", "one", SignalStatus.FIRING);
    newest(incident, "CHECKING");
    assertThat(report("fix-38", "two", SignalStatus.FIRING)).isEqualTo(incident);
    // The cooldown is over when the process is seen to be back.
    advance(Duration.ofSeconds(11));
    SUPERVISOR.behave(request -> {
      if (request.method().equals("POST")) {
        processIs("fix-38", "STARTING");
        return new Reply(202, "{}");
      }
      return new Reply(200, processes());
    });

    report("fix-38", "one", SignalStatus.CLEARED);
    processIs("fix-38", "HEALTHY");

    soon().until(() -> log(incident).size() == 2);
    assertThat(log(incident).getFirst().path("trigger").asString())
        .isEqualTo("two: fix-38 is down");
    assertThat(log(incident).getLast().path("state").asString()).isEqualTo("SUCCEEDED");
    newest(incident, "CHECKING");
    assertThat(restarts("fix-38")).isEqualTo(2);
    advance(Duration.ofSeconds(1));
    report("fix-38", "two", SignalStatus.CLEARED);
    processIs("fix-38", "HEALTHY");
    newest(incident, "SUCCEEDED");
    assertThat(log(incident)).hasSize(2);
  }

  @Test
  void twoSignalsThatNeverClearDoNotAskByTurnsForEver() {
    processIs("fix-40", "HEALTHY");
    SUPERVISOR.behave(request -> {
      if (!request.method().equals("POST")) {
        return new Reply(200, processes());
      }
      // No cooldown keeps the next one from being done.
      advance(Duration.ofSeconds(2));
      return new Reply(202, "{}");
    });
    var incident = report("fix-40", "one", SignalStatus.FIRING);

    assertThat(report("fix-40", "two", SignalStatus.FIRING)).isEqualTo(incident);

    // What follows a line is planned in the transaction that ends it.
    soon()
        .until(() ->
            log(incident).size() >= 2
                && log(incident).stream()
                    .allMatch(line -> line.path("state").asString().equals("SUCCEEDED")));
    assertThat(log(incident))
        .extracting(line -> line.path("trigger").asString())
        .containsExactly("two: fix-40 is down", "one: fix-40 is down");
    assertThat(restarts("fix-40")).isEqualTo(2);
  }

  @Test
  void aRepairGoesOverToAnotherSignalThatAsksForTheSame() {
    var incident = report("fix-33", "one", SignalStatus.FIRING);
    newest(incident, "AWAITING_APPROVAL");
    report("fix-33", "two", SignalStatus.FIRING);
    advance(Duration.ofSeconds(1));

    report("fix-33", "one", SignalStatus.CLEARED);

    soon()
        .untilAsserted(() ->
            assertThat(log(incident).getFirst().path("trigger").asString())
                .isEqualTo("two: fix-33 is down"));
    assertThat(log(incident)).hasSize(1);
    assertThat(log(incident).getFirst().path("state").asString()).isEqualTo("AWAITING_APPROVAL");
    assertThat(outcomes(incident))
        .containsExactly("policy:fix-risky AWAITING_APPROVAL", "policy:fix-risky PASSED_ON");
    assertThat(entries(incident, "REMEDIATION").getLast().path("summary").asString())
        .isEqualTo("command warm on fix-33: what asks for it now is two: fix-33 is down");
    advance(Duration.ofSeconds(1));
    report("fix-33", "two", SignalStatus.CLEARED);
    newest(incident, "SKIPPED");
  }

  @Test
  void whatWasApprovedForOneSignalIsNotDoneForAnother() {
    var incident = report("fix-41", "one", SignalStatus.FIRING);
    newest(incident, "AWAITING_APPROVAL");
    report("fix-41", "two", SignalStatus.FIRING);
    advance(Duration.ofSeconds(1));

    // The yes is committed after the signal has cleared, and before anybody looked at the line.
    new TransactionTemplate(manager)
        .executeWithoutResult(status -> {
          jdbc.sql(
                  """
                  update remediation set state = 'PLANNED', decided_by = 'ann'
                  where service = 'fix-41'
                  """)
              .update();
          report("fix-41", "one", SignalStatus.CLEARED);
        });

    newest(incident, "AWAITING_APPROVAL");
    assertThat(log(incident)).hasSize(2);
    assertThat(log(incident).getLast().path("reason").asString())
        .isEqualTo("the signal that asked for it cleared before");
    assertThat(log(incident).getFirst().path("trigger").asString())
        .isEqualTo("two: fix-41 is down");
    assertThat(log(incident).getFirst().path("decidedBy").isNull()).isTrue();
    assertThat(commands("fix-41")).isEmpty();
  }

  @Test
  void manyPlansOfOneServiceKeepNoOtherOneWaiting() {
    var hold = new CountDownLatch(1);
    SUPERVISOR.behave(request -> {
      if (request.path().equals("/api/v1/processes/fix-35/restart")) {
        await(hold);
      }
      return request.method().equals("POST") ? new Reply(202, "{}") : new Reply(200, "[]");
    });
    var full = report("fix-35", "r", SignalStatus.FIRING);
    newest(full, "RUNNING");
    jdbc.sql(
            """
            insert into remediation (id, incident_id, env, playbook, action, service, target,
              fingerprint, trigger, state, planned_at)
            select gen_random_uuid(), incident_id, env, playbook, action, service, target,
              fingerprint, trigger, 'PLANNED', planned_at
            from remediation, generate_series(1, 110) where incident_id = cast(? as uuid)
            """)
        .param(full)
        .update();

    try {
      newest(report("fix-36", "r", SignalStatus.FIRING), "CHECKING");
      assertThat(log(full).getFirst().path("state").asString()).isEqualTo("PLANNED");
    } finally {
      hold.countDown();
    }
    // Each makes room for the next at once.
    soon()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            jdbc.sql(
                        "select count(*) from remediation where service = 'fix-35' and state = 'PLANNED'")
                    .query(Long.class)
                    .single()
                == 0);
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean unused = latch.await(14, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
