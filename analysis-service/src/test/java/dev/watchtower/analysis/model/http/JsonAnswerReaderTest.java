package dev.watchtower.analysis.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonAnswerReaderTest {
  /** As strict as that of the service. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  @Test
  void aNumberInQuotesCostsNoAnswer() {
    var answer =
        new JsonAnswerReader(STRICT)
            .read("Sure: {\"hypotheses\":[{\"confidence\":\"0.8\"},{\"confidence\":\"\"}]}");

    assertThat(answer.hypotheses()).extracting("confidence").containsExactly(0.8, null);
  }
}
