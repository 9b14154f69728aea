package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.remediation.Performer;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.remediation.WayBack;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Actions of playbooks over HTTP. */
public final class HttpPerformer implements Performer {
  private final SupervisorCalls supervisor;
  private final ChaosRuns chaos;
  private final SignedCall webhooks;

  /** Through the peers {@code supervisor} and {@code chaos}, and to the webhooks' own addresses. */
  public HttpPerformer(Peers peers, JsonMapper json, InstantSource clock) {
    this.supervisor = new SupervisorCalls(peers);
    this.chaos = new ChaosRuns(peers);
    this.webhooks = new SignedCall(json, clock);
  }

  @Override
  public Performed perform(Repair repair, Action action) {
    var target = repair.order().target();
    return switch (action) {
      case Action.Restart r -> supervisor.restart(target, reason(repair));
      case Action.StopRun s -> chaos.stop(target, repair.env());
      case Action.Webhook w -> webhooks.call(repair, w, false);
      case Action.Run r -> supervisor.command(target, r.command(), reason(repair));
    };
  }

  @Override
  public Performed undo(Repair repair, String wayBack, Optional<Action> now) {
    if (repair.order().actsOnAProcess()) {
      return supervisor.command(repair.order().target(), wayBack, reason(repair));
    }
    // Its address is a secret, and in the catalog alone.
    return now.filter(action -> WayBack.of(action).filter(wayBack::equals).isPresent())
        .map(action -> webhooks.call(repair, (Action.Webhook) action, true))
        .orElseGet(() ->
            new Performed.Failed(
                "its undo-url is not in the catalog any more; take it back by hand"));
  }

  private static String reason(Repair repair) {
    return "playbook %s, incident #%d".formatted(repair.order().playbook(), repair.number());
  }

  @Override
  public boolean isHealthySince(String service, Instant since) {
    return supervisor.isHealthySince(service, since);
  }
}
