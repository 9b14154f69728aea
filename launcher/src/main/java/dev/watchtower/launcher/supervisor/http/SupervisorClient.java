package dev.watchtower.launcher.supervisor.http;

import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.wire.ProcessView;
import dev.watchtower.launcher.http.JsonCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a supervisor that runs in another process. */
public final class SupervisorClient {
  /** The name under which the supervisor accepts tokens. */
  public static final String AUDIENCE = "supervisor";

  private final JsonCall call;

  /** A client for the supervisor on {@code port}. */
  public SupervisorClient(int port, ServiceTokens tokens) {
    this.call =
        new JsonCall(
            "http://127.0.0.1:" + port, () -> tokens.tokenFor(AUDIENCE), Duration.ofSeconds(5));
  }

  /** All processes. */
  public List<ProcessView> processes() throws IOException {
    return List.of(call.get("/api/v1/processes", ProcessView[].class));
  }

  /** How far the suite is, as {@code type}. */
  public <T> T suite(Class<T> type) throws IOException {
    return call.get("/api/v1/suite", type);
  }

  /** Restarts one. */
  public ProcessView restart(String name, String reason) throws IOException {
    return call.post(
        "/api/v1/processes/" + name + "/restart", Map.of("reason", reason), ProcessView.class);
  }
}
