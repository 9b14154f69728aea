package dev.watchtower.common.web;

import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;

/**
 * Times in JSON are texts as in RFC 3339. A number might be seconds or milliseconds: what is taken
 * for the other one is a time of 1970, and a signal of then opens nothing.
 */
final class TextInstants extends StdDeserializer<Instant> {
  TextInstants() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (Instant) context.handleUnexpectedToken(Instant.class, parser);
    }
    var text = parser.getString();
    if (text.indexOf('-') < 0) {
      return (Instant)
          context.handleWeirdStringValue(Instant.class, text, "a number of seconds as a text");
    }
    return InstantDeserializer.INSTANT.deserialize(parser, context);
  }
}
