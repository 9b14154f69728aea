package dev.watchtower.ingest.doors.json;

import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.ingest.doors.FaultyFieldException;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads {@code {"samples":[{"service","env","name","labels":{},"ts","value"}]}}. {@code name} and
 * {@code value} are needed; {@code ts} (milliseconds since the epoch) is the time of arrival where
 * it is missing. Other members are refused: a misspelt {@code ts} would move a backfill to now. One
 * object reads one body.
 */
final class JsonSamples {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String MEMBERS =
      "a sample has name, value, ts (milliseconds since the epoch), service, env and labels";

  /**
   * One sample as sent.
   *
   * @param service whether it says its service itself, in place of a label
   * @param env whether it says its environment so
   */
  record Sample(Labels labels, long ts, double value, boolean service, boolean env) {}

  private final JsonParser parser;
  private final long now;
  private final RequestMemory memory;
  private final List<Sample> samples = new ArrayList<>();

  private JsonSamples(JsonParser parser, long now, RequestMemory memory) {
    this.parser = parser;
    this.memory = memory;
    this.now = now;
  }

  /**
   * The samples of a body.
   *
   * @param now time for samples that have none
   * @param memory asked before a sample or label is kept
   * @throws FaultyFieldException naming the first fault
   */
  static List<Sample> read(byte[] body, long now, RequestMemory memory) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      var reader = new JsonSamples(parser, now, memory);
      reader.document();
      if (parser.nextToken() != null) {
        throw new FaultyFieldException("", "there is more after the JSON object");
      }
      return reader.samples;
    } catch (JacksonException e) {
      throw new FaultyFieldException("", JsonFaults.sentence(e));
    }
  }

  private void document() {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "", "an object with 'samples'");
    var found = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      if (name.equals("samples")) {
        expect(token, JsonToken.START_ARRAY, "samples", "a list");
        found = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          samples.add(sample("samples[" + samples.size() + "]"));
        }
      } else {
        throw new FaultyFieldException(name, "is not known; a request has only 'samples'");
      }
    }
    if (!found) {
      throw new FaultyFieldException("samples", "is missing");
    }
  }

  private Sample sample(String path) {
    expect(parser.currentToken(), JsonToken.START_OBJECT, path, "an object");
    memory.use(RequestMemory.LABELLED_SAMPLE);
    var labels = new TreeMap<String, String>();
    Long ts = null;
    Double value = null;
    var service = false;
    var env = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      var at = path + "." + name;
      switch (name) {
        case "name" -> {
          var unused = put(labels, Labels.METRIC_NAME, text(token, at), at);
        }
        case "service" -> service = put(labels, Labels.SERVICE, optionalText(token, at), at);
        case "env" -> env = put(labels, Labels.ENV, optionalText(token, at), at);
        case "labels" -> labels(labels, token, at);
        case "ts" -> ts = time(token, at);
        case "value" -> value = value(token, at);
        default -> throw new FaultyFieldException(at, "is not known; " + MEMBERS);
      }
    }
    if (labels.getOrDefault(Labels.METRIC_NAME, "").isEmpty()) {
      throw new FaultyFieldException(path + ".name", "is missing or empty");
    }
    if (value == null) {
      throw new FaultyFieldException(path + ".value", "is missing");
    }
    return new Sample(Labels.of(labels), ts == null ? now : ts, value, service, env);
  }

  private void labels(Map<String, String> labels, JsonToken token, String path) {
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    expect(token, JsonToken.START_OBJECT, path, "an object of texts");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      var at = path + "." + name;
      var unused = put(labels, name, text(parser.nextToken(), at), at);
    }
  }

  /** Whether that is a value. */
  private boolean put(
      Map<String, String> labels, String name, @Nullable String value, String path) {
    if (value == null) {
      return false;
    }
    if (name.isEmpty()) {
      throw new FaultyFieldException(path, "a label needs a name");
    }
    memory.use(2 * RequestMemory.OBJECT + 2L * (name.length() + value.length()));
    var before = labels.put(name, value);
    if (before != null && !before.equals(value)) {
      throw new FaultyFieldException(path, "label '" + name + "' stands twice");
    }
    return !value.isEmpty();
  }

  private @Nullable String optionalText(JsonToken token, String path) {
    return token == JsonToken.VALUE_NULL ? null : text(token, path);
  }

  private String text(JsonToken token, String path) {
    expect(token, JsonToken.VALUE_STRING, path, "a text");
    return parser.getString();
  }

  private @Nullable Long time(JsonToken token, String path) {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      var millis = parser.getDoubleValue();
      if (millis == Math.rint(millis) && Math.abs(millis) < 1e15) {
        return (long) millis;
      }
      throw new FaultyFieldException(path, "expected whole milliseconds since the epoch");
    }
    expect(token, JsonToken.VALUE_NUMBER_INT, path, "milliseconds since the epoch");
    try {
      return parser.getLongValue();
    } catch (JacksonException e) {
      throw new FaultyFieldException(path, "is out of range");
    }
  }

  private double value(JsonToken token, String path) {
    if (token == JsonToken.VALUE_STRING) {
      return switch (parser.getString()) {
        case "NaN" -> Double.NaN;
        case "Inf", "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> throw new FaultyFieldException(path, "expected a number, NaN, +Inf or -Inf");
      };
    }
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw new FaultyFieldException(path, "expected a number");
    }
    var value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw new FaultyFieldException(path, "the number is out of range; infinity is \"+Inf\"");
    }
    return value;
  }

  private static void expect(
      @Nullable JsonToken token, JsonToken expected, String path, String what) {
    if (token != expected) {
      throw new FaultyFieldException(path, "expected " + what);
    }
  }
}
