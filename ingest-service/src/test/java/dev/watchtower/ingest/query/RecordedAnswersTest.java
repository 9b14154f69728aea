package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The engine against answers that a Prometheus 2.42 gave, where none is installed too. */
class RecordedAnswersTest {

  @Test
  void givesTheAnswersThatPrometheusGave() throws IOException {
    HandMadeStore store = new HandMadeStore();
    assertThat(ComparedSamples.write(store)).isNotEmpty();
    QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    JsonNode recorded;
    try (var in = getClass().getResourceAsStream("/prometheus-answers.json")) {
      recorded = JsonMapper.shared().readTree(in);
    }
    assertThat(recorded.size()).isGreaterThan(200);
    for (JsonNode one : recorded) {
      ComparedAnswers.compare(
          engine,
          one.path("query").asString(),
          one.path("from").asLong(),
          one.path("to").asLong(),
          one.path("step").asLong(),
          one.path("answer"));
    }
  }
}
