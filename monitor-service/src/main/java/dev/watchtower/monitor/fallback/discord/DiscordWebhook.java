package dev.watchtower.monitor.fallback.discord;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request to a webhook, with {@code wait=true}, so that Discord's silence is not taken for
 * success.
 */
final class DiscordWebhook {
  private static final long MAX_ANSWER = 256 * 1024L;

  private final JsonMapper json;
  private final Duration limit;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  DiscordWebhook(JsonMapper json) {
    this(json, Duration.ofSeconds(10));
  }

  /** With {@code limit} for a request and its whole answer. */
  DiscordWebhook(JsonMapper json, Duration limit) {
    this.json = json;
    this.limit = limit;
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

  private DiscordReply send(String method, URI uri, Map<String, Object> message, int attempt)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(limit)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(message)))
            .build();
    boolean edit = method.equals("PATCH");
    var status = new AtomicInteger();
    var text = BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER);
    HttpResponse.BodyHandler<String> body =
        info -> {
          status.set(info.statusCode());
          return text.apply(info);
        };
    // The request's own limit ends at the headers: a body that stalls would wait for ever.
    var answer = http.sendAsync(request, body);
    try {
      return read(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS), attempt, edit);
    } catch (ExecutionException e) {
      return unread(status.get(), e.getCause() == null ? e : e.getCause(), attempt);
    } catch (TimeoutException e) {
      return unread(status.get(), e, attempt);
    } finally {
      answer.cancel(true);
    }
  }

  private static DiscordReply unread(int status, Throwable why, int attempt) {
    return status / 100 == 2
        // Taken, although the message's id is not known: said twice would be worse.
        ? new DiscordReply.Sent(null)
        // The message names no address: it is a secret.
        : new DiscordReply.Again(why.getClass().getSimpleName(), DiscordReply.backOff(attempt));
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
