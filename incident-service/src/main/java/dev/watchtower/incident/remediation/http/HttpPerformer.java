package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.http.Peers;
import dev.watchtower.incident.remediation.Performer;
import dev.watchtower.incident.remediation.Repair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
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
    var service = repair.order().service();
    return switch (action) {
      case Action.Restart r -> supervisor.restart(service, reason(repair));
      case Action.StopRun s -> chaos.stop(service, repair.env());
      case Action.Webhook w -> webhooks.call(repair, w, false);
      case Action.Run r -> run(repair, r, r.command());
    };
  }

  @Override
  public Performed undo(Repair repair, Action action) {
    return switch (action) {
      case Action.Webhook w when w.canUndo() -> webhooks.call(repair, w, true);
      case Action.Run r when r.undo() != null -> run(repair, r, r.undo());
      default -> new Performed.Failed("there is nothing that takes it back");
    };
  }

  private Performed run(Repair repair, Action.Run run, String command) {
    var process = Objects.requireNonNullElse(run.process(), repair.order().service());
    return supervisor.command(process, command, reason(repair));
  }

  private static String reason(Repair repair) {
    return "playbook %s, incident #%d".formatted(repair.order().playbook(), repair.number());
  }

  @Override
  public boolean isHealthySince(String service, Instant since) {
    return supervisor.isHealthySince(service, since);
  }
}
