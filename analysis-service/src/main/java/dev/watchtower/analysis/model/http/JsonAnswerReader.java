package dev.watchtower.analysis.model.http;

import dev.watchtower.analysis.model.AnswerReader;
import dev.watchtower.analysis.model.ModelException;
import dev.watchtower.analysis.model.RawAnswer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Reads the one JSON object out of a model's text, whatever words or fences stand around it. */
public final class JsonAnswerReader implements AnswerReader {
  /** Far more than an answer needs; a longer one is not worth the memory. */
  private static final int MOST = 64 * 1024;

  private final JsonMapper json;

  public JsonAnswerReader(JsonMapper json) {
    // A model may put its numbers into quotes, or its texts into none; nothing of them is believed
    // unchecked.
    this.json =
        json.rebuild()
            .enable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                LogicalType.Textual,
                texts ->
                    texts
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.TryConvert)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.TryConvert))
            .build();
  }

  @Override
  public RawAnswer read(String text) {
    if (text.isBlank()) {
      throw new ModelException("the model's answer was empty", null);
    }
    if (text.length() > MOST) {
      throw new ModelException("the model's answer was too long", null);
    }
    int from = text.indexOf('{');
    int to = text.lastIndexOf('}');
    if (from < 0 || to < from) {
      throw new ModelException("the model's answer was not JSON", null);
    }
    try {
      return json.readValue(text.substring(from, to + 1), RawAnswer.class);
    } catch (JacksonException e) {
      throw new ModelException("the model's answer was not in the form asked for", e);
    }
  }
}
