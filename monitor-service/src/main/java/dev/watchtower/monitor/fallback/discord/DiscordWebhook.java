package dev.watchtower.monitor.fallback.discord;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request to a webhook, with {@code wait=true}, so that Discord's silence is not taken for
 * success.
 */
final class DiscordWebhook {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long MAX_ANSWER = 256 * 1024L;

  private final JsonMapper json;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  DiscordWebhook(JsonMapper json) {
    this.json = json;
  }

  /** Posts a new message. */
  DiscordReply post(String url, Map<String, Object> body, int attempt) throws InterruptedException {
    return send("POST", address(url, ""), body, attempt);
  }

  /** Edits a message. */
  DiscordReply edit(String url, String messageId, Map<String, Object> body, int attempt)
      throws InterruptedException {
    return send("PATCH", address(url, "/messages/" + messageId), body, attempt);
  }

  private static URI address(String url, String suffix) {
    var uri = URI.create(url);
    var base = url.split("[?#]", 2)[0];
    var query = uri.getRawQuery();
    return URI.create(
        base + suffix + "?" + (query == null || query.isEmpty() ? "" : query + "&") + "wait=true");
  }

  private DiscordReply send(String method, URI uri, Map<String, Object> body, int attempt)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    boolean edit = method.equals("PATCH");
    try {
      var response =
          http.send(
              request,
              BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER));
      return read(response, attempt, edit);
    } catch (IOException e) {
      // The message names no address: it is a secret.
      return new DiscordReply.Again(e.getClass().getSimpleName(), DiscordReply.backOff(attempt));
    }
  }

  private DiscordReply read(HttpResponse<String> response, int attempt, boolean edit) {
    String id = null;
    Double retryAfter = header(response);
    try {
      var tree = json.readTree(response.body());
      id = tree.path("id").isString() ? tree.path("id").asString() : null;
      if (tree.path("retry_after").isNumber()) {
        retryAfter = tree.path("retry_after").asDouble();
      }
    } catch (JacksonException e) {
      id = null;
    }
    return DiscordReply.of(response.statusCode(), id, retryAfter, attempt, edit);
  }

  private static @Nullable Double header(HttpResponse<String> response) {
    try {
      return response.headers().firstValue("Retry-After").map(Double::valueOf).orElse(null);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
