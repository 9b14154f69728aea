package dev.watchtower.incident.remediation.http;

import dev.watchtower.common.catalog.Remediation.Action.Webhook;
import dev.watchtower.incident.remediation.Performer.Performed;
import dev.watchtower.incident.remediation.Repair;
import dev.watchtower.incident.webhook.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A webhook of a playbook, signed as the Standard Webhooks specification 1.0 says, in the headers
 * {@code webhook-id}, {@code webhook-timestamp} (seconds) and {@code webhook-signature}. The id is
 * the same for a call and its repetition, so that a receiver can tell. Never follows redirects.
 */
final class SignedCall {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final JsonMapper json;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  SignedCall(JsonMapper json, InstantSource clock) {
    this.json = json;
    this.clock = clock;
  }

  Performed call(Repair repair, Webhook webhook, boolean undo) {
    var url = undo ? String.valueOf(webhook.undoUrl()) : webhook.url();
    if (url.isEmpty()) {
      return new Performed.Needless("the webhook has no address");
    }
    var now = clock.instant();
    var id = repair.id() + (undo ? "-undo" : "");
    var body = json.writeValueAsString(body(repair, webhook, id, undo));
    long second = now.getEpochSecond();
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(LIMIT)
              .header(
                  "Content-Type",
                  webhook.cloudEvents()
                      ? "application/cloudevents+json; charset=utf-8"
                      : "application/json")
              .header("webhook-id", id)
              .header("webhook-timestamp", Long.toString(second))
              .header("webhook-signature", WebhookSignature.of(webhook.secret(), id, second, body))
              .POST(BodyPublishers.ofString(body))
              .build();
      int status = http.send(request, BodyHandlers.discarding()).statusCode();
      return status / 100 == 2
          ? new Performed.Done("the webhook answered " + status)
          : new Performed.Failed("the webhook answered " + status);
    } catch (IOException | IllegalArgumentException e) {
      // The message may hold the address, which is a secret.
      return new Performed.Failed("the webhook does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Performed.Failed("the webhook's call was interrupted");
    }
  }

  private Map<String, Object> body(Repair repair, Webhook webhook, String id, boolean undo) {
    var order = repair.order();
    var data = new LinkedHashMap<String, Object>();
    data.put("remediation", repair.id());
    data.put("undo", undo);
    data.put("playbook", order.playbook());
    data.put("service", order.service());
    data.put("env", repair.env());
    data.put("incident", Map.of("id", repair.incident(), "number", repair.number()));
    data.put("trigger", order.trigger());
    if (!webhook.cloudEvents()) {
      return data;
    }
    var event = new LinkedHashMap<String, Object>();
    event.put("specversion", "1.0");
    event.put("id", id);
    event.put("source", "/watchtower/incident");
    event.put("type", "dev.watchtower.remediation." + (undo ? "undo" : "requested"));
    event.put("subject", order.service());
    event.put("time", clock.instant().toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    return event;
  }
}
