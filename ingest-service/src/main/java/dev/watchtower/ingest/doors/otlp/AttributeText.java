package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.Numbers;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The value of an attribute as the text of a label, as OpenTelemetry's specification says for what
 * is not OTLP: lists and maps are JSON, so that two that differ stay two series; bytes are Base64.
 */
final class AttributeText {
  private static final JsonMapper JSON = new JsonMapper();

  /** What nests deeper is left out: no label is read that far. */
  private static final int MOST_NESTED = 4;

  private AttributeText() {}

  /** The text; empty for an attribute without a value. */
  static String of(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BYTES_VALUE -> base64(value);
      case DOUBLE_VALUE -> Numbers.text(value.getDoubleValue());
      case VALUE_NOT_SET -> "";
      default -> json(value, 0);
    };
  }

  private static String json(AnyValue value, int depth) {
    if (depth > MOST_NESTED) {
      return "null";
    }
    return switch (value.getValueCase()) {
      case STRING_VALUE -> quoted(value.getStringValue());
      case BYTES_VALUE -> quoted(base64(value));
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> {
        var number = value.getDoubleValue();
        yield Double.isFinite(number) ? Numbers.text(number) : quoted(Numbers.text(number));
      }
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(v -> json(v, depth + 1))
              .collect(Collectors.joining(",", "[", "]"));
      case KVLIST_VALUE -> {
        // The order of a map says nothing.
        var members = new TreeMap<String, String>();
        for (KeyValue member : value.getKvlistValue().getValuesList()) {
          members.put(member.getKey(), json(member.getValue(), depth + 1));
        }
        yield members.entrySet().stream()
            .map(m -> quoted(m.getKey()) + ":" + m.getValue())
            .collect(Collectors.joining(",", "{", "}"));
      }
      default -> "null";
    };
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text);
  }

  private static String base64(AnyValue value) {
    return Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
  }
}
