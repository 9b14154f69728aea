package dev.watchtower.incident.remediation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Repairs as timeline entries. */
final class RepairEntries {
  private RepairEntries() {}

  static Draft started(Repair repair, Instant now) {
    var data = data(repair);
    data.put("outcome", "STARTED");
    return new Draft(
        now,
        TimelineKind.REMEDIATION,
        Actor.policy(repair.playbook()),
        "%s %s: started".formatted(repair.action(), repair.service()),
        data);
  }

  static Draft ended(Repair repair, Instant now) {
    var data = data(repair);
    data.put("outcome", repair.state().name());
    var reason = repair.reason();
    if (reason != null) {
      data.put("reason", reason);
    }
    if (repair.startedAt() != null) {
      data.put("durationMillis", Duration.between(repair.startedAt(), now).toMillis());
    }
    return new Draft(
        now, TimelineKind.REMEDIATION, Actor.policy(repair.playbook()), repair.summary(), data);
  }

  private static LinkedHashMap<String, Object> data(Repair repair) {
    var data = new LinkedHashMap<String, Object>();
    data.put("remediation", repair.id().toString());
    data.put("playbook", repair.playbook());
    data.put("action", repair.action());
    data.put("inputs", Map.of("process", repair.service(), "trigger", repair.trigger()));
    return data;
  }
}
