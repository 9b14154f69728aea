package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document of the API says with which status something is done. */
class ApiDocumentIT extends RunningService {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/signals, 200 202 default",
    "/api/v1/incidents, 201 default",
    "/api/v1/incidents/{id}/transitions, 200 default",
    "/api/v1/incidents/{id}/analysis, 200 202 default",
    "/api/v1/silences, 201 default",
    "/api/v1/maintenance-windows, 201 default",
  })
  void saysHowItAnswers(String path, String statuses) {
    var responses =
        responder()
            .get("/v3/api-docs")
            .body()
            .path("paths")
            .path(path)
            .path("post")
            .path("responses");
    assertThat(responses.propertyNames()).containsExactlyInAnyOrder(statuses.split(" "));
    responses
        .propertyStream()
        .filter(answer -> answer.getKey().startsWith("2"))
        .forEach(answer ->
            assertThat(answer.getValue().path("content").propertyNames())
                .containsExactly("application/json"));
  }

  @Test
  void keepsAnswersOfOneNameApart() {
    var paths = responder().get("/v3/api-docs").body().path("paths");
    assertThat(paths.path("/api/v1/signals").toString()).contains("schemas/TakenSignal\"");
    assertThat(paths.path("/api/v1/alertmanager").toString()).contains("schemas/TakenAlerts\"");
    assertThat(paths.path("/api/v1/measures").toString()).contains("schemas/Measures\"");
  }
}
