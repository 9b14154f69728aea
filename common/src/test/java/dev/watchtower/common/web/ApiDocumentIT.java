package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a program that is made from the document of an API relies on. */
class ApiDocumentIT extends ServiceContext {
  private JsonNode document;

  @BeforeEach
  void read() throws Exception {
    document = json.readTree(send("GET", "/v3/api-docs", token(Scope.READ), null).body());
  }

  private JsonNode deeds(String method) {
    return document.path("paths").path("/deeds").path(method);
  }

  @Test
  void saysWhichTokenOpensWhat() {
    var scheme = document.path("components").path("securitySchemes").path("bearer");
    assertThat(scheme.path("type").asString()).isEqualTo("http");
    assertThat(scheme.path("scheme").asString()).isEqualTo("bearer");
    assertThat(deeds("post").path("security").toString()).isEqualTo("[{\"bearer\":[\"respond\"]}]");
    assertThat(deeds("get").path("security").toString()).isEqualTo("[{\"bearer\":[\"read\"]}]");
    var open = document.path("paths").path("/problems/{slug}").path("get").path("security");
    assertThat(open.toString()).isEqualTo("[]");
  }

  @Test
  void saysThatEverythingIsRefusedWithAProblem() {
    assertThat(document.path("paths").size()).isPositive();
    for (var path : document.path("paths")) {
      for (var operation : path) {
        assertThat(operation.path("responses").path("default").path("$ref").asString())
            .as(operation.toString())
            .isEqualTo("#/components/responses/Problem");
      }
    }
    var components = document.path("components");
    assertThat(
            components
                .at("/responses/Problem/content")
                .path("application/problem+json")
                .at("/schema/$ref")
                .asString())
        .isEqualTo("#/components/schemas/Problem");
    var problem = components.path("schemas").path("Problem").path("properties");
    assertThat(problem.propertyNames())
        .containsExactlyInAnyOrder(
            "type", "title", "status", "detail", "instance", "traceId", "errors");
    assertThat(problem.at("/errors/items/properties/path/type").asString()).isEqualTo("string");
  }

  @Test
  void saysWithWhichStatusSomethingIsDone() {
    assertThat(deeds("post").path("responses").propertyNames()).containsExactly("201", "default");
    assertThat(deeds("delete").path("responses").propertyNames()).containsExactly("204", "default");
    assertThat(
            deeds("post")
                .path("responses")
                .path("201")
                .path("content")
                .path("application/json")
                .at("/schema/$ref")
                .asString())
        .isEqualTo("#/components/schemas/Deed");
  }

  @Test
  void saysWhatCanBeNull() {
    var deed = document.at("/components/schemas/Deed/properties");
    assertThat(deed.at("/title/type").toString()).isEqualTo("[\"string\",\"null\"]");
    assertThat(deed.at("/of/type").toString()).isEqualTo("[\"array\",\"null\"]");
    var request = document.at("/components/schemas/TransitionRequest/properties");
    assertThat(request.at("/comment/type").toString()).contains("null");
  }
}
