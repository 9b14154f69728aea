package dev.watchtower.ingest.doors.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.watchtower.common.problem.JsonFaults;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.RequestMemory;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Base64;
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
 * integers, 64-bit integers as numbers or texts, bytes as Base64, unknown members passed over.
 * Trace and span ids (of exemplars), which would be hexadecimal, are passed over: nothing here uses
 * them.
 */
final class OtlpJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 30;
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
      if (field == null || token == JsonToken.VALUE_NULL || isId(field)) {
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

  private static boolean isId(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING
        && field.getContainingType() != AnyValue.getDescriptor();
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
          case STRING, BYTE_STRING -> RequestMemory.OBJECT;
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
      case INT -> (int) integer(field, token, 32);
      case LONG -> integer(field, token, 64);
      case DOUBLE -> number(field, token);
      case FLOAT -> (float) number(field, token);
      case ENUM -> {
        var number = integer(field, token, 32);
        yield field.getEnumType().findValueByNumberCreatingIfUnknown((int) number);
      }
      case BYTE_STRING -> {
        expect(token, JsonToken.VALUE_STRING, field);
        yield bytes(field, parser.getString());
      }
    };
  }

  /** Protobuf takes both alphabets of Base64, padded or not. */
  private ByteString bytes(FieldDescriptor field, String text) {
    try {
      var standard = text.replace('-', '+').replace('_', '/');
      return ByteString.copyFrom(Base64.getDecoder().decode(standard));
    } catch (IllegalArgumentException e) {
      throw wrong(field, "Base64");
    }
  }

  private long integer(FieldDescriptor field, JsonToken token, int bits) {
    var number =
        switch (token) {
          case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
          case VALUE_NUMBER_FLOAT -> whole(field, parser.getDoubleValue());
          case VALUE_STRING -> whole(field, parser.getString());
          default -> throw wrong(field, "an integer");
        };
    var isUnsigned =
        switch (field.getType()) {
          case UINT32, FIXED32, UINT64, FIXED64 -> true;
          default -> false;
        };
    if (isUnsigned
        ? number.signum() < 0 || number.bitLength() > bits
        : number.bitLength() >= bits) {
      throw wrong(field, "an integer of " + bits + " bits" + (isUnsigned ? ", not negative" : ""));
    }
    return number.longValue();
  }

  private BigInteger whole(FieldDescriptor field, double number) {
    if (number != Math.rint(number) || Double.isInfinite(number)) {
      throw wrong(field, "an integer");
    }
    return new BigDecimal(number).toBigInteger();
  }

  private BigInteger whole(FieldDescriptor field, String text) {
    try {
      // Long ones take long to read.
      if (text.length() <= MAX_DIGITS) {
        return new BigInteger(text);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(field, "an integer");
  }

  private double number(FieldDescriptor field, JsonToken token) {
    double number;
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      number = parser.getDoubleValue();
    } else if (token == JsonToken.VALUE_STRING) {
      switch (parser.getString()) {
        case "NaN" -> {
          return Double.NaN;
        }
        case "Infinity" -> {
          return Double.POSITIVE_INFINITY;
        }
        case "-Infinity" -> {
          return Double.NEGATIVE_INFINITY;
        }
        default -> number = parsed(field, parser.getString());
      }
    } else {
      throw wrong(field, "a number");
    }
    if (Double.isInfinite(number)) {
      throw wrong(field, "a number that a double can hold");
    }
    return number;
  }

  private double parsed(FieldDescriptor field, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(field, "a number");
    }
  }

  private void expect(JsonToken token, JsonToken expected, FieldDescriptor field) {
    if (token != expected) {
      throw wrong(field, expected.name());
    }
  }

  private BadBodyException wrong(FieldDescriptor field, String expected) {
    return BadBodyException.malformed(place(field) + ": expected " + expected);
  }

  /** Where the parser is: {@code resourceMetrics[0].scopeMetrics[1].metrics[7].name}. */
  private String place(FieldDescriptor field) {
    var steps = new ArrayDeque<String>();
    for (var at = parser.streamReadContext(); at != null; at = at.getParent()) {
      if (at.inArray() && at.hasCurrentIndex()) {
        steps.push("[" + at.getCurrentIndex() + "]");
      } else if (at.inObject() && at.currentName() != null) {
        steps.push("." + at.currentName());
      }
    }
    return steps.isEmpty() ? field.getJsonName() : String.join("", steps).substring(1);
  }
}
