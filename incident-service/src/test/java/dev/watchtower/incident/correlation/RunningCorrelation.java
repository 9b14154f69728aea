package dev.watchtower.incident.correlation;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import tools.jackson.databind.JsonNode;

/** The whole service, and which incident a signal goes to. */
abstract class RunningCorrelation extends RunningService {
  /** The incident that takes a rule's signal on a service. */
  protected String fire(String service, String rule) {
    return fire(service, rule, Severity.SEV2);
  }

  protected String fire(String service, String rule, Severity severity) {
    return responder()
        .post(
            "/api/v1/signals",
            signal(service, rule, SignalStatus.FIRING, severity, CLOCK.instant()))
        .text("incident");
  }

  protected JsonNode incident(String id) {
    return responder().get("/api/v1/incidents/" + id).body();
  }

  /** All of its timeline, as it is sent. */
  protected String timeline(String id) {
    return responder().get("/api/v1/incidents/" + id + "/timeline").body().toString();
  }

  /** Whether its timeline's hashes hold. */
  protected boolean isWhole(String id) {
    return responder()
        .get("/api/v1/incidents/" + id + "/timeline/verify")
        .body()
        .path("valid")
        .asBoolean();
  }
}
