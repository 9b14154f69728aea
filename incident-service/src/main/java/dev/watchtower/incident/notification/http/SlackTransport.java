package dev.watchtower.incident.notification.http;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Transport;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Posts to incoming webhooks in Slack's form. They tell no message id, so nothing is edited. */
final class SlackTransport implements Transport<Channel.Slack> {
  private static final String WHO = "the webhook";

  private final HttpSender http;
  private final JsonMapper json;

  SlackTransport(HttpSender http, JsonMapper json) {
    this.http = http;
    this.json = json;
  }

  @Override
  public Class<Channel.Slack> type() {
    return Channel.Slack.class;
  }

  @Override
  public Answer send(Channel.Slack channel, Letter letter) {
    var headers = Map.of("Content-Type", "application/json; charset=utf-8");
    var body = json.writeValueAsString(SlackMessage.of(letter));
    var reply = http.send(WHO, "POST", channel.url(), headers, body);
    return Replies.meaning(WHO, reply, letter.notice().id().toString());
  }
}
