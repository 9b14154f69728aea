package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request may say, and that nothing is done where it says something else. */
class RequestsIT extends ServiceContext {
  @BeforeEach
  void nothingIsDone() throws Exception {
    assertThat(send("DELETE", "/deeds", token(Scope.RESPOND), null).statusCode()).isEqualTo(204);
  }

  private String deeds(String query) throws Exception {
    return send("GET", "/deeds" + query, token(Scope.READ), null).body();
  }

  private HttpResponse<String> accepting(String method, String type) throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/deeds"))
            .header("Authorization", "Bearer " + token(Scope.RESPOND))
            .header("Content-Type", "application/json")
            .header("Accept", type)
            .method(method, HttpRequest.BodyPublishers.ofString("{\"title\":\"x\"}"));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void doesNothingWhoseAnswerIsNotTaken() throws Exception {
    for (var type : List.of("application/xml", "text/html", "image/png, text/plain", "nonsense")) {
      var answer = accepting("POST", type);

      assertThat(answer.statusCode()).as(type).isEqualTo(406);
      assertThat(problem(answer).path("type").asString()).isEqualTo("/problems/not-acceptable");
    }
    assertThat(deeds("")).isEqualTo("[]");

    for (var type : List.of("*/*", "text/html, */*;q=0.1", "application/json", "application/*")) {
      assertThat(accepting("POST", type).statusCode()).as(type).isEqualTo(201);
    }
    assertThat(accepting("DELETE", "text/html").statusCode())
        .as("an answer without a body")
        .isEqualTo(204);
  }

  @Test
  void takesNoFieldItDoesNotKnowAndNoNumberForATextOrATime() throws Exception {
    for (var wrong :
        Map.of(
                "{\"titel\":\"x\"}", "titel",
                "{\"title\":12345}", "title",
                "{\"title\":true}", "title",
                "{\"title\":1.5}", "title",
                "{\"of\":[\"a\",7]}", "of[1]",
                "{\"at\":1764340000}", "at",
                "{\"at\":1764340000.5}", "at",
                "{\"at\":\"1764340000\"}", "at",
                "{\"at\":\"yesterday-noon\"}", "at")
            .entrySet()) {
      var answer = send("POST", "/deeds", token(Scope.RESPOND), wrong.getKey());

      assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
      assertThat(problem(answer).path("errors").path(0).path("path").asString())
          .as(wrong.getKey())
          .isEqualTo(wrong.getValue());
    }
    assertThat(deeds("")).isEqualTo("[]");
  }

  @Test
  void readsTimesInParametersAsTextsOrSeconds() throws Exception {
    for (var time : List.of("2025-11-28T14:26:40Z", "2025-11-28T15:26:40%2B01:00")) {
      var deed = "{\"at\":\"%s\"}".formatted(time.replace("%2B", "+"));
      assertThat(send("POST", "/deeds", token(Scope.RESPOND), deed).statusCode()).isEqualTo(201);
    }
    for (var from : List.of("2025-11-28T14:26:40Z", "1764340000", "1764339999.5")) {
      assertThat(json.readTree(deeds("?from=" + from))).as(from).hasSize(2);
    }
    assertThat(deeds("?from=1764340001")).isEqualTo("[]");
    for (var from : List.of("1764340000000", "yesterday", "1.2.3", "-5", "2025-11-28")) {
      var answer = send("GET", "/deeds?from=" + from, token(Scope.READ), null);

      assertThat(answer.statusCode()).as(from).isEqualTo(400);
      assertThat(problem(answer).path("errors").path(0).path("path").asString()).isEqualTo("from");
    }
  }
}
