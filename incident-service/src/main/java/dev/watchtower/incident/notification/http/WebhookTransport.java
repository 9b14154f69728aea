package dev.watchtower.incident.notification.http;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Transport;
import dev.watchtower.incident.webhook.WebhookSignature;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Posts signed CloudEvents to webhooks. */
final class WebhookTransport implements Transport<Channel.Webhook> {
  private static final String WHO = "the webhook";

  private final HttpSender http;
  private final JsonMapper json;
  private final String source;

  /**
   * A transport.
   *
   * @param source this installation, a URI
   */
  WebhookTransport(HttpSender http, JsonMapper json, String source) {
    this.http = http;
    this.json = json;
    this.source = source;
  }

  @Override
  public Class<Channel.Webhook> type() {
    return Channel.Webhook.class;
  }

  @Override
  public Answer send(Channel.Webhook channel, Letter letter) {
    var id = letter.notice().id().toString();
    long second = letter.now().getEpochSecond();
    var body = json.writeValueAsString(IncidentEvents.event(letter, source));
    var headers =
        Map.of(
            "Content-Type",
            "application/cloudevents+json; charset=utf-8",
            "Idempotency-Key",
            id,
            "webhook-id",
            id,
            "webhook-timestamp",
            Long.toString(second),
            "webhook-signature",
            WebhookSignature.of(channel.secret(), id, second, body));
    return Replies.meaning(WHO, http.send(WHO, "POST", channel.url(), headers, body), id);
  }
}
