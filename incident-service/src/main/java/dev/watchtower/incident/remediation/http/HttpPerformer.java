package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.remediation.Performer;
import dev.watchtower.incident.remediation.Repair;
import java.time.Instant;
import java.time.InstantSource;
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
  public Performed undo(Repair repair, Action action) {
    return switch (action) {
      case Action.Webhook w when w.canUndo() -> webhooks.call(repair, w, true);
      case Action.Run r when r.undo() != null ->
          supervisor.command(ranOn(repair.order(), r), r.undo(), reason(repair));
      default -> new Performed.Failed("there is nothing that takes it back");
    };
  }

  // A line of old has its service for what it ran on, whatever that was: the catalog knows better.
  private static String ranOn(Repair.Order order, Action.Run action) {
    return order.command() == null
        ? Repair.Order.targetOf(action, order.service())
        : order.target();
  }

  private static String reason(Repair repair) {
    return "playbook %s, incident #%d".formatted(repair.order().playbook(), repair.number());
  }

  @Override
  public boolean isHealthySince(String service, Instant since) {
    return supervisor.isHealthySince(service, since);
  }
}
