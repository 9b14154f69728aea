package dev.watchtower.ingest.doors.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads OTLP/JSON into the messages that protobuf would give: names in lowerCamelCase, enums as
 * integers, 64-bit integers as numbers or texts, unknown members passed over. Bytes (trace and span
 * ids of exemplars) are passed over: nothing here uses them.
 */
final class OtlpJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DEPTH = 64;
  private static final Map<String, Map<String, FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();

  /** Bytes of a message with what builds it, about. */
  private static final int MESSAGE = 256;

  /** Bytes of a number, while the list of them grows. */
  private static final int NUMBER = 32;

  private final JsonParser parser;
  private final RequestMemory memory;

  private OtlpJson(JsonParser parser, RequestMemory memory) {
    this.parser = parser;
    this.memory = memory;
  }

  /**
   * The request in a body.
   *
   * @param memory asked before anything is kept
   * @throws BadBodyException if it is not one
   */
  static ExportMetricsServiceRequest request(byte[] body, RequestMemory memory) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw BadBodyException.malformed("expected a JSON object");
      }
      var builder = ExportMetricsServiceRequest.newBuilder();
      new OtlpJson(parser, memory).message(builder, 0);
      if (parser.nextToken() != null) {
        throw BadBodyException.malformed("there is more after the JSON object");
      }
      return builder.build();
    } catch (JacksonException e) {
      throw BadBodyException.malformed(JsonFaults.sentence(e));
    }
  }

  /** Fills a message from the object that begins at the current token. */
  private void message(Message.Builder builder, int depth) {
    if (depth > MAX_DEPTH) {
      throw BadBodyException.malformed("nested too deeply");
    }
    var fields = fields(builder);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var field = fields.get(parser.currentName());
      var token = parser.nextToken();
      if (field == null || token == JsonToken.VALUE_NULL || isBytes(field)) {
        parser.skipChildren();
      } else if (field.isRepeated()) {
        expect(token, JsonToken.START_ARRAY, field);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          builder.addRepeatedField(field, value(builder, field, depth));
        }
      } else {
        builder.setField(field, value(builder, field, depth));
      }
    }
  }

  private static boolean isBytes(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
  }

  private static Map<String, FieldDescriptor> fields(Message.Builder builder) {
    return FIELDS.computeIfAbsent(
        builder.getDescriptorForType().getFullName(),
        name -> {
          var byName = new HashMap<String, FieldDescriptor>();
          builder.getDescriptorForType().getFields().forEach(f -> byName.put(f.getJsonName(), f));
          return byName;
        });
  }

  private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    var token = parser.currentToken();
    memory.use(
        switch (field.getJavaType()) {
          case MESSAGE -> MESSAGE;
          case STRING -> RequestMemory.OBJECT;
          default -> NUMBER;
        });
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        expect(token, JsonToken.START_OBJECT, field);
        var builder = parent.newBuilderForField(field);
        message(builder, depth + 1);
        yield builder.build();
      }
      case STRING -> {
        expect(token, JsonToken.VALUE_STRING, field);
        yield parser.getString();
      }
      case BOOLEAN -> {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
          throw wrong(field, "true or false");
        }
        yield token == JsonToken.VALUE_TRUE;
      }
      case INT -> (int) integer(field, token);
      case LONG -> integer(field, token);
      case DOUBLE -> number(field, token);
      case FLOAT -> (float) number(field, token);
      case ENUM -> {
        var number = integer(field, token);
        yield field.getEnumType().findValueByNumberCreatingIfUnknown((int) number);
      }
      case BYTE_STRING -> throw wrong(field, "nothing");
    };
  }

  private long integer(FieldDescriptor field, JsonToken token) {
    try {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        return parser.getBigIntegerValue().longValue();
      }
      if (token == JsonToken.VALUE_STRING) {
        var text = parser.getString();
        return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
      }
      if (token == JsonToken.VALUE_NUMBER_FLOAT
          && parser.getDoubleValue() == Math.rint(parser.getDoubleValue())) {
        return (long) parser.getDoubleValue();
      }
    } catch (NumberFormatException e) {
      throw wrong(field, "an integer");
    }
    throw wrong(field, "an integer");
  }

  private double number(FieldDescriptor field, JsonToken token) {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return parser.getDoubleValue();
    }
    if (token == JsonToken.VALUE_STRING) {
      try {
        return switch (parser.getString()) {
          case "NaN" -> Double.NaN;
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(parser.getString());
        };
      } catch (NumberFormatException e) {
        throw wrong(field, "a number");
      }
    }
    throw wrong(field, "a number");
  }

  private static void expect(JsonToken token, JsonToken expected, FieldDescriptor field) {
    if (token != expected) {
      throw wrong(field, expected.name());
    }
  }

  private static BadBodyException wrong(FieldDescriptor field, String expected) {
    return BadBodyException.malformed(field.getJsonName() + ": expected " + expected);
  }
}
