package dev.watchtower.incident.remediation;

import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** The service with a supervisor, telemetry, chaos-service and webhooks to play with. */
abstract class RepairWorld extends RunningService {
  private static final Map<String, String> PROCESSES = new ConcurrentHashMap<>();
  private static final Map<String, Double> SIGNALS = new ConcurrentHashMap<>();

  protected static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  @BeforeEach
  void quiet() {
    advance(Duration.ofHours(2));
    PROCESSES.clear();
    SIGNALS.clear();
    SUPERVISOR.behave(request ->
        request.path().contains("/commands/")
            ? new Reply(200, "{\"exit\":0,\"timedOut\":false,\"millis\":5,\"output\":\"ok\\n\"}")
            : request.method().equals("POST") ? new Reply(202, "{}") : new Reply(200, processes()));
    INGEST.behave(request ->
        request.path().equals("/api/v1/signals")
            ? new Reply(200, batch(request.query()))
            : new Reply(200, "{\"items\":[],\"next\":null}"));
    REPAIR_HOOK.behave(request -> new Reply(204, ""));
  }

  @AfterEach
  void nothingLeft() {
    INGEST.behave(request -> new Reply(200, "{\"items\":[],\"next\":null}"));
    SUPERVISOR.behave(request -> new Reply(202, "{}"));
  }

  protected static String processes() {
    return PROCESSES.entrySet().stream()
        .map(p ->
            """
            {"name":"%s","pid":1,"port":1,"state":"%s","restarts":1,"residentBytes":0,"since":"%s"}
            """
                .formatted(p.getKey(), p.getValue(), CLOCK.instant()))
        .toList()
        .toString();
  }

  private static String batch(String query) {
    var service = query.replaceFirst(".*service=([^&]*).*", "$1");
    var values =
        SIGNALS.entrySet().stream()
            .filter(s -> s.getKey().startsWith(service + "/"))
            .map(s ->
                "\"%s\":%s".formatted(s.getKey().substring(service.length() + 1), s.getValue()))
            .toList();
    return """
    {"items":[{"env":"prod","service":"%s","seq":1,"ts":%d,"signals":{%s}}],"next":null}
    """
        .formatted(service, CLOCK.millis(), String.join(",", values));
  }

  protected static void processIs(String name, String state) {
    PROCESSES.put(name, state);
  }

  protected static void signalIs(String service, String signal, double value) {
    SIGNALS.put(service + "/" + signal, value);
  }

  protected static void ingestIsAway() {
    INGEST.behave(request -> new Reply(503, "{}"));
  }

  protected String down(String service, SignalStatus status) {
    return down(service, "prod", status);
  }

  protected String down(String service, String env, SignalStatus status) {
    return down(service, env, "probe-" + service, "down|" + service + "|" + env, status);
  }

  protected String down(
      String service, String env, String rule, String fingerprint, SignalStatus status) {
    return responder()
        .post(
            "/api/v1/signals",
            new Signal(
                UUID.randomUUID(),
                fingerprint,
                SignalKind.SERVICE_DOWN,
                status,
                rule,
                service,
                env,
                Severity.SEV2,
                service + " is down",
                CLOCK.instant(),
                null,
                CLOCK.instant().plusSeconds(10)))
        .text("incident");
  }

  protected String down(String service) {
    return down(service, SignalStatus.FIRING);
  }

  protected List<JsonNode> log(String incident) {
    return responder()
        .get("/api/v1/remediations?incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  /** The newest line once it is in that state. */
  protected JsonNode newest(String incident, String state) {
    soon()
        .until(() ->
            !log(incident).isEmpty()
                && log(incident).getFirst().path("state").asString().equals(state));
    return log(incident).getFirst();
  }

  protected List<JsonNode> entries(String incident, String kind) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline?limit=200")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals(kind))
        .toList();
  }

  protected List<String> outcomes(String incident) {
    return entries(incident, "REMEDIATION").stream()
        .map(e ->
            e.path("actor").path("name").asString()
                + " "
                + e.path("data").path("outcome").asString())
        .toList();
  }

  protected static List<String> commands(String process) {
    var prefix = "/api/v1/processes/" + process + "/commands/";
    return SUPERVISOR.requests().stream()
        .filter(r -> r.path().startsWith(prefix))
        .map(r -> r.path().substring(prefix.length()))
        .toList();
  }

  protected static long restarts(String service) {
    return SUPERVISOR.requests().stream()
        .filter(r -> r.path().equals("/api/v1/processes/" + service + "/restart"))
        .count();
  }
}
