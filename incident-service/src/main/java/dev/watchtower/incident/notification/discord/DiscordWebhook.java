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

/** Calls Discord webhooks and reads their replies as Discord documents them. Thread-safe. */
final class DiscordWebhook {
  static final String WHO = "Discord";
  private static final int UNKNOWN_MESSAGE = 10008;
  private static final int UNKNOWN_WEBHOOK = 10015;

  private final HttpSender http;
  private final JsonMapper json;

  DiscordWebhook(HttpSender http, JsonMapper json) {
    this.http = http;
    this.json = json;
  }

  /** Posts a message; the reply is only good with the message's id, which edits need. */
  DiscordReply post(String webhook, Map<String, Object> message) {
    return call(webhook, "", "POST", json.writeValueAsString(message));
  }

  /** Edits a message. */
  DiscordReply edit(String webhook, String messageId, Map<String, Object> message) {
    return call(webhook, "/messages/" + messageId, "PATCH", json.writeValueAsString(message));
  }

  private DiscordReply call(String webhook, String below, String method, String body) {
    var headers = Map.of("Content-Type", "application/json");
    return switch (http.send(WHO, method, address(webhook, below), headers, body)) {
      case Reply.BadAddress bad -> new DiscordReply.WebhookGone(0);
      case Reply.Failed failed -> new DiscordReply.Unavailable(failed.reason());
      case Reply.Answered answered -> meaning(answered, method);
    };
  }

  private static String address(String webhook, String below) {
    // A thread is addressed in the query, for edits as well as for posts.
    int query = webhook.indexOf('?');
    var path = query < 0 ? webhook : webhook.substring(0, query);
    var rest = query < 0 ? "" : "&" + webhook.substring(query + 1);
    return path + below + "?wait=true" + rest;
  }

  private DiscordReply meaning(Reply.Answered reply, String method) {
    int status = reply.status();
    var body = parsed(reply.body());
    if (status == 200) {
      var id = body.path("id").asString("");
      return id.isEmpty()
          ? new DiscordReply.Unavailable("the answer has no message id: is it a Discord webhook?")
          : new DiscordReply.Done(id, pause(reply.headers()));
    }
    if (status == 429) {
      return limited(reply.headers(), body);
    }
    if (status == 404) {
      int code = body.path("code").asInt(0);
      boolean onlyTheMessage =
          !method.equals("POST") && (code == UNKNOWN_MESSAGE || code != UNKNOWN_WEBHOOK);
      return onlyTheMessage ? new DiscordReply.MessageGone() : new DiscordReply.WebhookGone(status);
    }
    if (status == 401 || status == 403) {
      return new DiscordReply.WebhookGone(status);
    }
    return status >= 500 || status == 408
        ? new DiscordReply.Unavailable("Discord answered " + status)
        : new DiscordReply.Refused(status);
  }

  private static DiscordReply limited(HttpHeaders headers, JsonNode body) {
    boolean global =
        body.path("global").asBoolean(false)
            || headers.firstValue("X-RateLimit-Global").isPresent();
    var told = body.path("retry_after");
    var wait = told.isNumber() ? Replies.seconds(told.asDouble()) : Replies.retryAfter(headers);
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
