package dev.watchtower.ingest.events;

import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.common.wire.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GitHub's webhooks {@code deployment_status} and {@code workflow_run} as change events. The
 * service is the repository's name, the environment the deployment's. Thread-safe.
 *
 * @param json reads the bodies
 */
public record GithubWebhook(JsonMapper json) {
  private static final String STATUS = "deployment_status.";
  private static final String RUN = "workflow_run.";

  /** Whether the signature header is that of the body under the secret; in constant time. */
  public static boolean isSigned(byte[] body, @Nullable String signature, String secret) {
    if (signature == null || !signature.startsWith("sha256=")) {
      return false;
    }
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
      return MessageDigest.isEqual(
          expected.getBytes(StandardCharsets.US_ASCII),
          signature.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /**
   * The change event in a delivery; empty for deliveries that are of no interest, such as pings and
   * states on the way.
   *
   * @param event the header {@code X-GitHub-Event}
   * @param delivery the header {@code X-GitHub-Delivery}, the same when a delivery is repeated
   * @throws InvalidEventException if the body is not what the header says
   */
  public Optional<ReceivedEvent> read(String event, String delivery, byte[] body, Instant now) {
    if (!event.equals("deployment_status") && !event.equals("workflow_run")) {
      return Optional.empty();
    }
    JsonNode payload;
    try {
      payload = json.readTree(body);
    } catch (JacksonException e) {
      throw new InvalidEventException("", JsonFaults.sentence(e));
    }
    StorableJson.check(payload, "");
    return event.equals("deployment_status")
        ? deployment(delivery, payload, now)
        : workflow(delivery, payload, now);
  }

  private Optional<ReceivedEvent> deployment(String delivery, JsonNode payload, Instant now) {
    var status = payload.path("deployment_status");
    var deployment = payload.path("deployment");
    var state = EventFields.text(status, "state", STATUS);
    var what =
        switch (state) {
          case "success" -> "deployed";
          case "failure", "error" -> "failed to deploy";
          default -> null;
        };
    if (what == null) {
      return Optional.empty();
    }
    var own = EventFields.optional(status, "environment", STATUS);
    var env = own == null ? EventFields.optional(deployment, "environment", "deployment.") : own;
    var data = new LinkedHashMap<String, Object>();
    data.put("state", state);
    data.put("sha", text(deployment, "sha", ""));
    data.put("ref", text(deployment, "ref", ""));
    data.put("url", text(status, "log_url", ""));
    data.put("by", text(payload.path("sender"), "login", ""));
    var service = service(payload);
    var ref = String.valueOf(data.get("ref"));
    return Optional.of(
        event(
            delivery,
            payload,
            "com.github.deployment_status." + state,
            env,
            time(status, STATUS, now),
            service
                + " "
                + what
                + (env == null ? "" : " in " + env)
                + (ref.isEmpty() ? "" : ": " + ref),
            data));
  }

  private Optional<ReceivedEvent> workflow(String delivery, JsonNode payload, Instant now) {
    if (!"completed".equals(EventFields.text(payload, "action", ""))) {
      return Optional.empty();
    }
    var run = payload.path("workflow_run");
    var conclusion = EventFields.text(run, "conclusion", RUN);
    var data = new LinkedHashMap<String, Object>();
    data.put("conclusion", conclusion);
    var name = EventFields.optional(run, "name", RUN);
    data.put("workflow", name == null ? "" : name);
    data.put("sha", text(run, "head_sha", ""));
    data.put("ref", text(run, "head_branch", ""));
    data.put("url", text(run, "html_url", ""));
    return Optional.of(
        event(
            delivery,
            payload,
            "com.github.workflow_run." + conclusion,
            null,
            time(run, RUN, now),
            service(payload) + ": workflow " + data.get("workflow") + " ended with " + conclusion,
            data));
  }

  private static ReceivedEvent event(
      String delivery,
      JsonNode payload,
      String type,
      @Nullable String env,
      Instant time,
      String summary,
      LinkedHashMap<String, Object> data) {
    var source = "github/" + text(payload.path("repository"), "full_name", "");
    EventKey.check(source, delivery, "repository.full_name");
    return new ReceivedEvent(
        new ChangeEvent(
            delivery, source, type, service(payload), env, time, EventMeaning.cut(summary), data),
        null,
        false);
  }

  private static String service(JsonNode payload) {
    return EventFields.text(payload.path("repository"), "name", "repository.");
  }

  private static String text(JsonNode node, String name, String otherwise) {
    var value = node.path(name);
    return value.isString() ? value.stringValue() : otherwise;
  }

  /** When it happened: its last change; now where neither that nor its beginning is said. */
  private static Instant time(JsonNode node, String path, Instant now) {
    var updated = EventFields.time(node, "updated_at", path, now);
    var time = updated == null ? EventFields.time(node, "created_at", path, now) : updated;
    return time == null ? now : time;
  }
}
