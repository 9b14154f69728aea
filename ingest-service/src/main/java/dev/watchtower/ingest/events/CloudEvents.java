package dev.watchtower.ingest.events;

import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.common.wire.ChangeEvent;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads CloudEvents 1.0: structured and batched from JSON, binary from headers. Thread-safe.
 *
 * @param json reads the bodies
 */
public record CloudEvents(JsonMapper json) {
  private static final int MAX_TEXT = 512;
  private static final int MAX_BATCH = 1000;

  /** Parts of a nanosecond: RFC 3339 has any number of digits, and these are left out. */
  private static final Pattern FINER = Pattern.compile("(\\.\\d{9})\\d+");

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
   * @param isJson whether the body is JSON; if not it is kept as text
   */
  public ReceivedEvent binary(
      Map<String, String> attributes, byte[] body, boolean isJson, Instant now) {
    var event = json.createObjectNode();
    new TreeMap<>(attributes).forEach(event::put);
    if (body.length > 0) {
      event.set(
          "data",
          isJson
              ? parse(body)
              : json.createObjectNode().put("text", new String(body, StandardCharsets.UTF_8)));
    }
    return event(event, "", now);
  }

  private JsonNode parse(byte[] body) {
    try {
      return json.readTree(body);
    } catch (JacksonException e) {
      throw new InvalidEventException("", JsonFaults.sentence(e));
    }
  }

  private ReceivedEvent event(JsonNode node, String path, Instant now) {
    if (!node.isObject()) {
      throw new InvalidEventException(path, "expected an object");
    }
    StorableJson.check(node, path);
    if (!"1.0".equals(text(node, "specversion", path))) {
      throw new InvalidEventException(path + "specversion", "expected 1.0");
    }
    var id = text(node, "id", path);
    var source = text(node, "source", path);
    EventKey.check(source, id, path + "source");
    var type = text(node, "type", path);
    var data = data(node);
    var meaning = EventMeaning.of(type, optional(node, "subject", path), data);
    var runId = meaning.runId();
    if (runId != null && runId.length() > MAX_TEXT) {
      throw new InvalidEventException(path + "data.runId", "is longer than " + MAX_TEXT);
    }
    var blind = data.path("blind").isBoolean() && data.path("blind").booleanValue();
    return new ReceivedEvent(
        new ChangeEvent(
            id,
            source,
            type,
            meaning.service(),
            meaning.env(),
            time(node, path, now),
            meaning.summary(),
            members(data)),
        runId,
        blind && runId != null);
  }

  private JsonNode data(JsonNode node) {
    var data = node.path("data");
    if (data.isObject()) {
      return data;
    }
    var wrapped = json.createObjectNode();
    if (!data.isMissingNode() && !data.isNull()) {
      wrapped.set("value", data);
    } else if (node.path("data_base64").isString()) {
      wrapped.set("base64", node.path("data_base64"));
    }
    return wrapped;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> members(JsonNode data) {
    return json.treeToValue(data, Map.class);
  }

  private static Instant time(JsonNode node, String path, Instant now) {
    var text = optional(node, "time", path);
    if (text == null) {
      return now;
    }
    try {
      var time = OffsetDateTime.parse(FINER.matcher(text).replaceFirst("$1")).toInstant();
      if (time.isBefore(Instant.EPOCH) || time.isAfter(now.plusSeconds(86_400))) {
        throw new InvalidEventException(path + "time", "expected a time until tomorrow");
      }
      return time;
    } catch (DateTimeException e) {
      throw new InvalidEventException(path + "time", "expected a time as in RFC 3339");
    }
  }

  private static String text(JsonNode node, String name, String path) {
    var text = optional(node, name, path);
    if (text == null || text.isEmpty()) {
      throw new InvalidEventException(path + name, "is missing or empty");
    }
    return text;
  }

  private static @Nullable String optional(JsonNode node, String name, String path) {
    var value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new InvalidEventException(path + name, "expected a text");
    }
    if (value.stringValue().length() > MAX_TEXT) {
      throw new InvalidEventException(path + name, "is longer than " + MAX_TEXT);
    }
    return value.stringValue();
  }
}
