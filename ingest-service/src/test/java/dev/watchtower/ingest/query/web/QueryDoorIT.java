package dev.watchtower.ingest.query.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of Prometheus is answered by the running service. */
class QueryDoorIT extends IngestContext {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  @ParameterizedTest
  @ValueSource(
      strings = {"query?query=%FF", "query_range?query=up&step=%C3", "labels?match[]=%ED%A0%80"})
  void aParameterThatIsNotUtf8IsRefusedInPrometheusForm(String question) {
    var encoded = question.replace("[]", "%5B%5D");
    var got = send("GET", "/api/v1/" + encoded, readToken(), Map.of(), null);
    var posted =
        send(
            "POST",
            "/api/v1/" + encoded.substring(0, encoded.indexOf('?')),
            readToken(),
            FORM,
            encoded.substring(encoded.indexOf('?') + 1).getBytes(StandardCharsets.UTF_8));

    for (var answer : List.of(got, posted)) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/json");
      assertThat(answer.body())
          .startsWith("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"a parameter");
    }
  }

  @Test
  void anAddressThatIsTooLongIsToldTheLimit() {
    var long9k = "query=" + "1%2B".repeat(2300) + "1";
    var got = send("GET", "/api/v1/query?" + long9k, readToken(), Map.of(), null);
    var posted =
        send(
            "POST",
            "/api/v1/query",
            readToken(),
            FORM,
            ("query=" + "%20".repeat(10_000) + "1").getBytes(StandardCharsets.UTF_8));

    assertThat(got.statusCode()).isEqualTo(400);
    assertThat(got.body()).contains("8 KB", "with POST");
    assertThat(posted.statusCode()).isEqualTo(200);
  }

  @Test
  void valuesOfALabelWithAnyNameAreListed() {
    var body =
        "{\"samples\":[{\"name\":\"odd\",\"labels\":{\"bad-name\":\"yes\"},\"value\":1}]}"
            .getBytes(StandardCharsets.UTF_8);
    var json = Map.of("Content-Type", "application/json");
    assertThat(send("POST", "/api/v1/metrics", writeToken(), json, body).statusCode())
        .isEqualTo(204);

    for (var name : new String[] {"bad-name", "U__bad_2d_name", "bad%2Dname"}) {
      assertThat(
              send("GET", "/api/v1/label/" + name + "/values", readToken(), Map.of(), null).body())
          .as(name)
          .isEqualTo("{\"status\":\"success\",\"data\":[\"yes\"]}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST read", "POST format_query", "GET targets", "GET status/tsdb"})
  void whatAPrometheusHasBesidesIsNotThere(String request) {
    var asked = request.split(" ");
    var answer = send(asked[0], "/api/v1/" + asked[1], readToken(), Map.of(), null);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).contains("\"errorType\":\"not_found\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "query_range", "query_exemplars", "series", "labels", "events"})
  void aWrongMethodIsToldTheRightOnes(String path) {
    for (var method : List.of("OPTIONS", "DELETE")) {
      var answer = send(method, "/api/v1/" + path, readToken(), Map.of(), null);

      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
    }
  }

  @Test
  void whatIsNoNameOfALabelIsRefused() {
    var answer = send("GET", "/api/v1/label/U__/values", readToken(), Map.of(), null);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("bad_data").contains("invalid label name");
  }
}
