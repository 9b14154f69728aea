package dev.watchtower.launcher.http;

import dev.watchtower.common.security.ServiceTokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Machine tokens, made, listed and revoked by monitor-service in the launcher's name. */
public final class MonitorTokens {
  private final JsonCall call;

  /** Tokens of the monitor at {@code url}. */
  public MonitorTokens(String url, ServiceTokens tokens) {
    this.call = new JsonCall(url, () -> tokens.tokenFor("monitor"), Duration.ofSeconds(10));
  }

  /** A new token; the only time that it is shown. */
  public record Minted(String id, String token) {}

  /** A token as the list shows it. */
  public record Listed(
      String id,
      String name,
      List<String> scopes,
      @Nullable String createdAt,
      @Nullable String revokedAt) {
    public Listed {
      scopes = List.copyOf(scopes);
    }
  }

  /** Makes a token. */
  public Minted create(String name, List<String> scopes) throws IOException {
    return call.post("/api/v1/tokens", Map.of("name", name, "scopes", scopes), Minted.class);
  }

  /** All tokens. */
  public List<Listed> list() throws IOException {
    return List.of(call.get("/api/v1/tokens", Listed[].class));
  }

  /** Revokes a token; within a minute nobody takes it any more. */
  public void revoke(String id) throws IOException {
    call.delete("/api/v1/tokens/" + id);
  }
}
