package dev.watchtower.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document of the API says of each door what it takes and how it answers. */
class ApiDocumentIT extends IngestContext {
  private JsonNode document;

  @BeforeEach
  void read() {
    document =
        JsonMapper.shared()
            .readTree(send("GET", "/v3/api-docs", readToken(), Map.of(), null).body());
  }

  private JsonNode post(String path) {
    return document.path("paths").path(path).path("post");
  }

  private JsonNode body(String path) {
    return post(path).path("requestBody").path("content");
  }

  @Test
  void theDoorsOfTelemetryHaveBodies() {
    assertThat(body("/api/v1/write").propertyNames()).containsExactly("application/x-protobuf");
    assertThat(body("/v1/metrics").propertyNames())
        .containsExactlyInAnyOrder("application/x-protobuf", "application/json");
    assertThat(body("/api/v1/metrics").path("application/json").at("/schema/$ref").asString())
        .isEqualTo("#/components/schemas/Samples");
    var sample = document.at("/components/schemas/Sample");
    assertThat(sample.path("required").toString()).contains("name", "value");
    assertThat(sample.at("/properties/ts/type").toString()).isEqualTo("[\"integer\",\"null\"]");
    assertThat(body("/api/v1/events").propertyNames())
        .contains("application/cloudevents+json", "application/cloudevents-batch+json");
    for (var type : body("/api/v1/events")) {
      assertThat(type.toString()).doesNotContain("byte");
    }
  }

  @Test
  void eachAnswersInTheFormOfItsProtocol() {
    assertThat(post("/api/v1/write").path("responses").propertyNames())
        .containsExactlyInAnyOrder("204", "default");
    assertThat(post("/api/v1/metrics").path("responses").propertyNames())
        .containsExactlyInAnyOrder("204", "default");
    assertThat(post("/v1/metrics").path("responses").path("default").toString())
        .contains("Status")
        .doesNotContain("problem");
    assertThat(post("/api/v1/query").path("responses").propertyNames())
        .containsExactlyInAnyOrder("200", "default");
    assertThat(post("/api/v1/query").at("/responses/200/content").propertyNames())
        .containsExactly("application/json");
    assertThat(post("/api/v1/query").path("responses").path("default").path("content").toString())
        .contains("application/json", "application/problem+json");
  }
}
