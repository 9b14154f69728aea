package dev.watchtower.incident.notification.discord;

import dev.watchtower.incident.notification.http.HttpSender;
import dev.watchtower.incident.notification.http.HttpSender.Reply;
import dev.watchtower.incident.notification.http.Replies;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls Discord webhooks and reads their replies as Discord documents them. All calls of the
 * process together stay under the limit that Discord has for an address of the network.
 * Thread-safe.
 */
final class DiscordWebhook {
  static final String WHO = "Discord";
  private static final int UNKNOWN_WEBHOOK = 10015;

  private final HttpSender http;
  private final JsonMapper json;
  private final TokenBucket bucket;

  DiscordWebhook(HttpSender http, JsonMapper json, TokenBucket bucket) {
    this.http = http;
    this.json = json;
    this.bucket = bucket;
  }

  /** Posts a message; the reply is only good with the message's id, which edits need. */
  DiscordReply post(String webhook, Map<String, Object> message) {
    var address = address(webhook, "", query(message));
    return call(address, "POST", json.writeValueAsString(message));
  }

  /** Edits a message. */
  DiscordReply edit(String webhook, String messageId, Map<String, Object> message) {
    var address = address(webhook, "/messages/" + messageId, query(message));
    return call(address, "PATCH", json.writeValueAsString(message));
  }

  /** Looks whether a message is still there. */
  DiscordReply read(String webhook, String messageId) {
    return call(address(webhook, "/messages/" + messageId, ""), "GET", "");
  }

  // Without 'wait' a message that is not kept is no error, without the other buttons are dropped.
  private static String query(Map<String, Object> message) {
    return message.containsKey("components") ? "wait=true&with_components=true" : "wait=true";
  }

  private DiscordReply call(String address, String method, String body) {
    var wait = bucket.take();
    if (wait.isPositive()) {
      return new DiscordReply.Limited(wait, true);
    }
    Map<String, String> headers =
        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/json");
    return switch (http.send(WHO, method, address, headers, body)) {
      case Reply.BadAddress bad -> new DiscordReply.WebhookGone(0);
      case Reply.Failed failed ->
          new DiscordReply.Unavailable(failed.reason(), failed.mayHaveArrived(), Duration.ZERO);
      case Reply.Answered answered -> meaning(answered, method);
    };
  }

  private static String address(String webhook, String below, String query) {
    // A thread is addressed in the query, for edits as well as for posts.
    int own = webhook.indexOf('?');
    var path = own < 0 ? webhook : webhook.substring(0, own);
    var all = own < 0 ? query : webhook.substring(own + 1) + (query.isEmpty() ? "" : "&" + query);
    return path + below + (all.isEmpty() ? "" : "?" + all);
  }

  private DiscordReply meaning(Reply.Answered reply, String method) {
    int status = reply.status();
    var body = parsed(reply.body());
    if (status == 200 && reply.broken()) {
      // Taken, but the id is lost: the same nonce brings it.
      return new DiscordReply.Unavailable("Discord's answer broke off", true, Duration.ZERO);
    }
    if (status == 200) {
      var id = body.path("id").asString("");
      return id.isEmpty()
          ? new DiscordReply.Refused(
              status, "the answer has no message id: is it a Discord webhook?")
          : new DiscordReply.Done(id, pause(reply.headers()));
    }
    if (status == 429) {
      return limited(reply.headers(), body);
    }
    if (status == 404 && !method.equals("POST") && body.path("code").asInt(0) != UNKNOWN_WEBHOOK) {
      return new DiscordReply.MessageGone();
    }
    if (Replies.isGone(status)) {
      return new DiscordReply.WebhookGone(status);
    }
    return status >= 500 || status == 408
        ? new DiscordReply.Unavailable(
            "Discord answered " + status,
            Replies.isInDoubt(status),
            Replies.retryAfter(reply.headers()).orElse(Duration.ZERO))
        : new DiscordReply.Refused(status, "Discord does not take the message: " + status);
  }

  private static DiscordReply limited(HttpHeaders headers, JsonNode body) {
    boolean global =
        body.path("global").asBoolean(false)
            || headers.firstValue("X-RateLimit-Global").isPresent();
    var told = body.path("retry_after");
    var wait = told.isNumber() ? Replies.seconds(told.asDouble()) : Replies.limit(headers);
    return new DiscordReply.Limited(wait, global);
  }

  // The bucket is empty: the next call would get a 429.
  private static Duration pause(HttpHeaders headers) {
    var remaining = Replies.seconds(headers, "X-RateLimit-Remaining");
    var reset = Replies.seconds(headers, "X-RateLimit-Reset-After");
    return remaining.isPresent() && remaining.getAsDouble() < 1 && reset.isPresent()
        ? Replies.seconds(reset.getAsDouble())
        : Duration.ZERO;
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
