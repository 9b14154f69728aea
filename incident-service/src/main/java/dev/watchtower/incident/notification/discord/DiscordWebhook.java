package dev.watchtower.incident.notification.discord;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls Discord webhooks. The address is a credential: it is never logged, and no exception that
 * could carry it leaves this class. Thread-safe.
 */
final class DiscordWebhook {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(2);
  private static final int UNKNOWN_MESSAGE = 10008;
  private static final int UNKNOWN_WEBHOOK = 10015;

  private final JsonMapper json;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  DiscordWebhook(JsonMapper json) {
    this.json = json;
  }

  /** Posts a message; the answer is only good with the message's id, which edits need. */
  DiscordAnswer post(String webhook, Map<String, Object> message) {
    return call(webhook, "", "POST", message);
  }

  /** Edits a message. */
  DiscordAnswer edit(String webhook, String messageId, Map<String, Object> message) {
    return call(webhook, "/messages/" + messageId, "PATCH", message);
  }

  private DiscordAnswer call(
      String webhook, String below, String method, Map<String, Object> message) {
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(address(webhook, below))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .header("User-Agent", "Watchtower (https://github.com/watchtower, 0.1)")
              .method(method, BodyPublishers.ofString(json.writeValueAsString(message)))
              .build();
    } catch (IllegalArgumentException e) {
      // The message would show the address.
      return new DiscordAnswer.WebhookGone(0);
    }
    try {
      return answer(http.send(request, BodyHandlers.ofString()), method);
    } catch (HttpTimeoutException e) {
      return new DiscordAnswer.Unavailable("Discord did not answer in time");
    } catch (ConnectException e) {
      return new DiscordAnswer.Unavailable("Discord cannot be reached");
    } catch (IOException e) {
      return new DiscordAnswer.Unavailable("the connection to Discord broke");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DiscordAnswer.Unavailable("the service is stopping");
    }
  }

  private static URI address(String webhook, String below) {
    // A thread is addressed in the query, for edits as well as for posts.
    int query = webhook.indexOf('?');
    var path = query < 0 ? webhook : webhook.substring(0, query);
    var rest = query < 0 ? "" : "&" + webhook.substring(query + 1);
    return URI.create(path + below + "?wait=true" + rest);
  }

  private DiscordAnswer answer(HttpResponse<String> response, String method) {
    int status = response.statusCode();
    var body = parsed(response.body());
    if (status == 200) {
      var id = body.path("id").asString("");
      return id.isEmpty()
          ? new DiscordAnswer.Unavailable("the answer has no message id: is it a Discord webhook?")
          : new DiscordAnswer.Sent(id, pause(response.headers()));
    }
    if (status == 429) {
      return limited(response.headers(), body);
    }
    if (status == 404) {
      int code = body.path("code").asInt(0);
      boolean onlyTheMessage =
          method.equals("PATCH") && (code == UNKNOWN_MESSAGE || code != UNKNOWN_WEBHOOK);
      return onlyTheMessage
          ? new DiscordAnswer.MessageGone()
          : new DiscordAnswer.WebhookGone(status);
    }
    if (status == 401 || status == 403) {
      return new DiscordAnswer.WebhookGone(status);
    }
    return status >= 500 || status == 408
        ? new DiscordAnswer.Unavailable("Discord answered " + status)
        : new DiscordAnswer.Refused(status);
  }

  private static DiscordAnswer limited(HttpHeaders headers, JsonNode body) {
    boolean global =
        body.path("global").asBoolean(false)
            || headers.firstValue("X-RateLimit-Global").isPresent();
    var told = body.path("retry_after");
    var wait =
        told.isNumber()
            ? seconds(told.asDouble())
            : seconds(headers, "Retry-After").isPresent()
                ? seconds(seconds(headers, "Retry-After").getAsDouble())
                : DEFAULT_WAIT;
    return new DiscordAnswer.Limited(wait, global);
  }

  // The bucket is empty: the next call would get a 429.
  private static Duration pause(HttpHeaders headers) {
    var remaining = seconds(headers, "X-RateLimit-Remaining");
    var reset = seconds(headers, "X-RateLimit-Reset-After");
    return remaining.isPresent() && remaining.getAsDouble() < 1 && reset.isPresent()
        ? seconds(reset.getAsDouble())
        : Duration.ZERO;
  }

  private static OptionalDouble seconds(HttpHeaders headers, String name) {
    var value = headers.firstValue(name).orElse("");
    return value.matches("\\d{1,9}(\\.\\d{1,9})?")
        ? OptionalDouble.of(Double.parseDouble(value))
        : OptionalDouble.empty();
  }

  private static Duration seconds(double seconds) {
    double millis = Math.ceil(Math.max(0, seconds) * 1000);
    return millis < LONGEST_WAIT.toMillis() ? Duration.ofMillis((long) millis) : LONGEST_WAIT;
  }

  private JsonNode parsed(String body) {
    try {
      return body.isBlank() ? json.missingNode() : json.readTree(body);
    } catch (JacksonException e) {
      // Not Discord's JSON, for example a proxy's page: the status says enough.
      return json.missingNode();
    }
  }
}
