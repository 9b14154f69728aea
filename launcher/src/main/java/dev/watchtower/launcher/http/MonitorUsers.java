package dev.watchtower.launcher.http;

import dev.watchtower.common.security.ServiceTokens;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The users of monitor-service, for who has lost the password of the only administrator. */
public final class MonitorUsers {
  private final JsonCall call;

  /** Users of the monitor at {@code url}. */
  public MonitorUsers(String url, ServiceTokens tokens) {
    this.call = new JsonCall(url, () -> tokens.tokenFor("monitor"), Duration.ofSeconds(10));
  }

  private record NewPassword(String password) {}

  /** Gives the user a new password and ends the sessions; the only time that it is shown. */
  public String newPassword(String name) throws IOException {
    return call.post("/api/v1/users/" + name + "/password", Map.of(), NewPassword.class).password();
  }
}
