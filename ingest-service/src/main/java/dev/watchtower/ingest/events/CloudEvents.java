package dev.watchtower.ingest.events;

import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.common.wire.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads CloudEvents 1.0: structured and batched from JSON, binary from headers. Thread-safe.
 *
 * @param json reads the bodies
 */
public record CloudEvents(JsonMapper json) {
  private static final int MAX_BATCH = 1000;

  /**
   * One event in structured mode.
   *
   * @param now the time of events that have none
   * @throws InvalidEventException if it is not one
   */
  public ReceivedEvent structured(byte[] body, Instant now) {
    return event(parse(body), "", now);
  }

  /**
   * A batch of events.
   *
   * @throws InvalidEventException naming the first that is wrong
   */
  public List<ReceivedEvent> batch(byte[] body, Instant now) {
    var root = parse(body);
    if (!root.isArray()) {
      throw new InvalidEventException("", "expected a list of events");
    }
    if (root.size() > MAX_BATCH) {
      throw new InvalidEventException("", "at most " + MAX_BATCH + " events at once");
    }
    var events = new ArrayList<ReceivedEvent>(root.size());
    for (var i = 0; i < root.size(); i++) {
      events.add(event(root.get(i), "[" + i + "].", now));
    }
    return events;
  }

  /**
   * One event in binary mode.
   *
   * @param attributes the headers that begin with {@code ce-}, without it, in lower case
   * @param type of the body, without parameters, in lower case; empty where none is said. What is
   *     not JSON is kept as text
   */
  public ReceivedEvent binary(
      Map<String, String> attributes, byte[] body, String type, Instant now) {
    var event = json.createObjectNode();
    new TreeMap<>(attributes).forEach(event::put);
    if (body.length > 0) {
      event.set(
          "data",
          isJson(type) || (type.isEmpty() && body[0] == '{')
              ? parse(body)
              : json.createObjectNode().put("text", new String(body, StandardCharsets.UTF_8)));
    }
    return event(event, "", now);
  }

  private static boolean isJson(String type) {
    return type.endsWith("/json") || type.endsWith("+json");
  }

  private JsonNode parse(byte[] body) {
    return parse(body, "");
  }

  private JsonNode parse(byte[] body, String path) {
    try {
      return json.readTree(body);
    } catch (JacksonException e) {
      throw new InvalidEventException(path, JsonFaults.sentence(e));
    }
  }

  private ReceivedEvent event(JsonNode node, String path, Instant now) {
    if (!node.isObject()) {
      throw new InvalidEventException(
          path.isEmpty() ? "" : path.substring(0, path.length() - 1), "expected an object");
    }
    StorableJson.check(node, path);
    if (!"1.0".equals(EventFields.text(node, "specversion", path))) {
      throw new InvalidEventException(path + "specversion", "expected 1.0");
    }
    var id = EventFields.text(node, "id", path);
    var source = EventFields.text(node, "source", path);
    EventKey.check(source, id, path + "source");
    var type = EventFields.text(node, "type", path);
    var data = data(node, path);
    var meaning = EventMeaning.of(type, EventFields.optional(node, "subject", path), data);
    if (meaning.service() == null && type.startsWith(EventMeaning.OF_A_SERVICE)) {
      // Taken, it would be about every service.
      throw new InvalidEventException(path + "data.subject.id", "is missing");
    }
    var runId = meaning.runId();
    if (runId != null) {
      EventFields.bounded(runId, path + "data.runId");
    }
    var at = EventFields.time(node, "time", path, now);
    var blind = data.path("blind").isBoolean() && data.path("blind").booleanValue();
    return new ReceivedEvent(
        new ChangeEvent(
            id,
            source,
            type,
            meaning.service(),
            meaning.env(),
            at == null ? now : at,
            meaning.summary(),
            members(data)),
        runId,
        blind && runId != null);
  }

  private JsonNode data(JsonNode node, String path) {
    var data = node.path("data");
    if (data.isMissingNode() || data.isNull()) {
      data = decoded(node, path);
    }
    if (data.isObject()) {
      return data;
    }
    var wrapped = json.createObjectNode();
    if (!data.isMissingNode() && !data.isNull()) {
      // As in binary mode.
      wrapped.set(data.isString() ? "text" : "value", data);
    } else if (node.path("data_base64").isString()) {
      wrapped.set("base64", node.path("data_base64"));
    }
    return wrapped;
  }

  /**
   * JSON that came as bytes: SDKs write {@code data_base64} for all data that they are given so.
   * Null where there is none, or it is something else.
   */
  private JsonNode decoded(JsonNode node, String path) {
    var text = node.path("data_base64");
    var type = text.isString() ? EventFields.optional(node, "datacontenttype", path) : null;
    var bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!text.isString() || !(bare.isEmpty() || isJson(bare))) {
      return json.nullNode();
    }
    var at = path + "data_base64";
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.stringValue());
    } catch (IllegalArgumentException e) {
      throw new InvalidEventException(at, "expected Base64");
    }
    if (bare.isEmpty() && (bytes.length == 0 || bytes[0] != '{')) {
      return json.nullNode();
    }
    var data = parse(bytes, at);
    StorableJson.check(data, at);
    return data;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> members(JsonNode data) {
    return json.treeToValue(data, Map.class);
  }
}
