package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** One incident whose timeline takes no entry keeps nothing of the others from being done. */
class StuckIncidentIT extends RepairWorld {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private void stick(String incident) {
    jdbc.sql(
            """
            create or replace function refuse_stuck() returns trigger language plpgsql as $$
            begin
              if new.incident_id = '%s' then raise exception 'stuck'; end if;
              return new;
            end $$
            """
                .formatted(incident))
        .update();
    jdbc.sql(
            """
            create or replace trigger stuck before insert on timeline_entry
              for each row execute function refuse_stuck()
            """)
        .update();
  }

  @AfterEach
  void unstick() {
    jdbc.sql("drop trigger if exists stuck on timeline_entry").update();
  }

  private String state(String incident) {
    return responder().get("/api/v1/incidents/" + incident).text("state");
  }

  private String quiet(String service) {
    var incident =
        responder()
            .post("/api/v1/signals", signal(service, "r", SignalStatus.FIRING))
            .text("incident");
    advance(Duration.ofSeconds(1));
    responder().post("/api/v1/signals", signal(service, "r", SignalStatus.CLEARED));
    return incident;
  }

  @Test
  void othersAreResolved() {
    var stuck = quiet(freshService());
    var other = quiet(freshService());
    stick(stuck);

    advance(Duration.ofHours(1));

    soon().until(() -> state(other).equals("RESOLVED"));
    assertThat(state(stuck)).isEqualTo("MITIGATED");
    unstick();
    soon().until(() -> state(stuck).equals("RESOLVED"));
  }

  @Test
  void othersAreRepaired() {
    var stuck = down("fix-28");
    newest(stuck, "AWAITING_APPROVAL");
    stick(stuck);
    // Nobody approved it, and that cannot be written down.
    advance(Duration.ofMinutes(11));

    processIs("fix-26", "HEALTHY");
    newest(down("fix-26"), "SUCCEEDED");
    assertThat(log(stuck).getFirst().path("state").asString()).isEqualTo("AWAITING_APPROVAL");
    unstick();
    newest(stuck, "EXPIRED");
  }

  @Test
  void othersAreToldOfChanges() {
    var other = freshService();
    var last = freshService();
    var told =
        responder()
            .post("/api/v1/signals", signal(other, "r", SignalStatus.FIRING))
            .text("incident");
    // The newest one is looked at first.
    var stuck =
        responder()
            .post("/api/v1/signals", signal(last, "r", SignalStatus.FIRING))
            .text("incident");
    stick(stuck);

    INGEST.behave(r ->
        new Reply(
            200, JSON.writeValueAsString(new PageOf<>(List.of(event(last), event(other)), null))));

    soon().until(() -> entries(told, "CHANGE_EVENT").size() == 1);
    assertThat(entries(stuck, "CHANGE_EVENT")).isEmpty();
    unstick();
    soon().until(() -> entries(stuck, "CHANGE_EVENT").size() == 1);
  }

  private static ChangeEvent event(String service) {
    return new ChangeEvent(
        "deploy-" + service,
        "ci",
        "dev.cdevents.service.deployed.0.3.0",
        service,
        "prod",
        CLOCK.instant().minusSeconds(60),
        "deployed",
        Map.of());
  }
}
