package dev.watchtower.chaos.run.jdbc;

import dev.watchtower.chaos.run.Run;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The change events (CloudEvents 1.0, structured mode) that tell ingest-service of a run's start
 * and end.
 */
public final class RunEvents {
  /** Their topic in the outbox. */
  public static final String TOPIC = "chaos-event";

  private RunEvents() {}

  static Map<String, Object> started(Run run) {
    return event(run, "started", run.startedAt());
  }

  /** The end of a run also unseals a blind one. */
  static Map<String, Object> ended(Run run) {
    return event(run, "ended", run.endedAt() == null ? run.endsAt() : run.endedAt());
  }

  private static Map<String, Object> event(Run run, String what, Instant time) {
    var data = new LinkedHashMap<String, Object>();
    data.put("runId", run.id().toString());
    data.put("experiment", run.experiment());
    data.put("kind", run.kind());
    data.put("service", run.service());
    data.put("env", run.env());
    data.put("blind", run.blind());
    if (run.endReason() != null) {
      data.put("reason", run.endReason());
    }
    var event = new LinkedHashMap<String, Object>();
    event.put("specversion", "1.0");
    event.put("id", run.id() + "-" + what);
    event.put("source", "watchtower/chaos");
    event.put("type", "dev.watchtower.chaos.run." + what);
    event.put("time", time.toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    return event;
  }
}
